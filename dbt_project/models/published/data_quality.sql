-- What became of every delivery. Grain: one row per dataset, content and path.
select
    dataset, delivery, path, cast(received_at as timestamp) as received_at, status, received, loaded, superseded,
    duplicate, quarantined, reason
from {{ source('bookkeeping', 'deliveries') }}
