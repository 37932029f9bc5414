"""What people see: the citizen terminal, the window console, the hall screen and the demo deck."""
