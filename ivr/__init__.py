"""The call flows: model, validation, pure interpreter and simulator."""
