"""Who gets which contact.

Queues, agents, strategies and offers, as one pure, clock-driven machine (`machine.Acd`).
"""
