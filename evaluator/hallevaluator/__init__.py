"""好差评: the rating desk that asks for a rating at 办结 and takes it only from the citizen's hand."""
