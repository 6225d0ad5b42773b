"""The issue of training certificates and their verification. Empty until the first certificate is due."""
