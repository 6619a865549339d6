namespace Platform.TenantShard.Files;

/// <summary>A file by what refers to it.</summary>
internal readonly record struct FileReference(string CollectionId, string RecordId, string Name);
