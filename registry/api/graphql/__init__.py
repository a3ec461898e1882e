"""The SDK's GraphQL endpoint."""
