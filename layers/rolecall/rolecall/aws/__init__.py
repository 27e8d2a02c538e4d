"""The only place that knows AWS: tables, buckets and keys behind the interfaces of the package."""
