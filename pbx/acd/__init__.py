"""Who gets which contact: queues, agents, strategies and offers, as one pure, clock-driven machine (`machine.Acd`)."""
