namespace Platform.TenantShard.Collections;

/// <summary>The kind of a collection; stored as <c>base</c>, <c>auth</c> or <c>view</c>.</summary>
internal enum CollectionType
{
    Base,
    Auth,
    View,
}
