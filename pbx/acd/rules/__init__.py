"""The ACD's rules.

Plain functions over plain data, on behalf of `pbx.acd.machine`. No clock, no input, no output.
"""
