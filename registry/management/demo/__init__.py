"""The demo project: a believable history, recorded through the services that the SDK's requests use."""
