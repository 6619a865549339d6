using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Indexes;

namespace Platform.TenantShard.Expanding;

/// <summary>One relation to follow.</summary>
/// <param name="Key">Its name in the path and in the answer.</param>
/// <param name="Relation">The relation field: of this record, or of the records that point to it.</param>
/// <param name="Target">The collection of the records to show.</param>
/// <param name="IsBack">The relation points to this record.</param>
/// <param name="Children">What to follow from there.</param>
internal sealed record ExpandNode(
    string Key, RelationField Relation, Collection Target, bool IsBack, ExpandPlan Children)
{
    /// <summary>Shown as an array, even of one record.</summary>
    public bool IsList { get; } =
        Relation.IsMultiple || (IsBack && !IndexDefinition.HasUnique(Target.Indexes, Relation.Name));
}
