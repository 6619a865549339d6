namespace Platform.TenantShard.Collections.Indexes;

/// <summary>Makes the index statements of a collection name its own table, whatever it is called now.</summary>
internal static class IndexTables
{
    public static Collection Follow(Collection collection)
    {
        List<string>? followed = null;
        for (var index = 0; index < collection.Indexes.Count; index++)
        {
            if (IndexDefinition.Parse(collection.Indexes[index]) is not { } definition
                || definition.Table == collection.Name) continue;
            followed ??= [.. collection.Indexes];
            followed[index] = (definition with { Table = collection.Name }).ToSql();
        }

        return followed is null ? collection : collection with { Indexes = followed };
    }
}
