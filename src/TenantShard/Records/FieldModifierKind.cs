namespace Platform.TenantShard.Records;

/// <summary>What a <see cref="FieldModifier"/> does.</summary>
internal enum FieldModifierKind
{
    None,
    Append,
    Prepend,
    Remove,
    Autogenerate,
}
