"""Devices: one file a device, each with its codec, its device class and its simulator."""
