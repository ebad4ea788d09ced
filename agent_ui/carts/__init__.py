"""The customer's cart on the agent's desk: followed as it changes, and changed by the agent."""
