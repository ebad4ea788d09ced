"""Console commands that set the telephony up: numbers, flows, queues, phones, trunks."""
