"""Developments of persons towards membership, for who may see members, and quotas, for everybody."""
