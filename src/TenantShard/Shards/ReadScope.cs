using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Shards;

/// <summary>What a query may use while it runs: a read-only connection and the schema of the same moment.</summary>
internal readonly record struct ReadScope(DatabaseConnection Connection, SchemaSnapshot Schema);
