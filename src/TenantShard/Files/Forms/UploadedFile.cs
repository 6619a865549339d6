namespace Platform.TenantShard.Files.Forms;

/// <summary>
/// One file of a multipart body: small ones in memory, others in a file of their own below the tenant's local folder.
/// Lives as long as the request.
/// </summary>
internal sealed class UploadedFile
{
    private readonly byte[]? _content;

    public UploadedFile(string key, string originalName, byte[] content)
        : this(key, originalName, content.AsSpan(0, Math.Min(content.Length, ContentSignature.HeadBytes)))
    {
        _content = content;
        Size = content.Length;
    }

    public UploadedFile(string key, string originalName, ReadOnlySpan<byte> head, string path, long size)
        : this(key, originalName, head)
    {
        Path = path;
        Size = size;
    }

    private UploadedFile(UploadedFile other, string key)
    {
        Key = key;
        OriginalName = other.OriginalName;
        Name = other.Name;
        Size = other.Size;
        Type = other.Type;
        Path = other.Path;
        _content = other._content;
    }

    private UploadedFile(string key, string originalName, ReadOnlySpan<byte> head)
    {
        Key = key;
        OriginalName = originalName;
        Type = ContentSignature.Detect(head);
        Name = FileName.Create(originalName, Type.Extension);
    }

    /// <summary>The part's name: a field, with a modifier perhaps.</summary>
    public string Key { get; }

    /// <summary>As the client calls it.</summary>
    public string OriginalName { get; }

    /// <summary>As it will be stored.</summary>
    public string Name { get; }

    public long Size { get; }

    /// <summary>What the content is.</summary>
    public ContentType Type { get; }

    /// <summary>Where it is spooled; null when it is in <see cref="Content"/>.</summary>
    public string? Path { get; }

    public ReadOnlyMemory<byte> Content => _content;

    /// <summary>The same file for another field.</summary>
    public UploadedFile WithKey(string key) => new(this, key);
}
