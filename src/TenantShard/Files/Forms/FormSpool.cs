using System.Buffers;
using System.Security.Cryptography;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Files.Forms;

/// <summary>
/// Takes the files of one request: a little stays in memory, the rest goes to the tenant's local folder.
/// </summary>
internal sealed class FormSpool(string folder, SpoolBudget budget, BudgetShare tenant) : IDisposable
{
    private const int FileMemoryMax = 64 << 10;
    private const int FormMemoryMax = 1 << 20;

    private readonly List<string> _paths = [];
    private int _memory;
    private long _taken;

    /// <summary>Reads the part to its end.</summary>
    public async Task<UploadedFile> TakeAsync(
        string key, string originalName, Stream content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FileMemoryMax);
        try
        {
            var room = Math.Max(ContentSignature.HeadBytes, Math.Min(FileMemoryMax, FormMemoryMax - _memory));
            var count = await content.ReadAtLeastAsync(
                buffer.AsMemory(0, room), room, throwOnEndOfStream: false, cancellationToken);
            if (count == room) return await SpoolAsync(key, originalName, content, buffer, count, cancellationToken);
            _memory += count;
            return new UploadedFile(key, originalName, buffer.AsSpan(0, count).ToArray());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        foreach (var path in _paths) File.Delete(path);
        _paths.Clear();
        budget.Return(tenant, _taken);
        _taken = 0;
    }

    private async Task<UploadedFile> SpoolAsync(
        string key, string originalName, Stream content, byte[] buffer, int count, CancellationToken cancellationToken)
    {
        var head = buffer.AsSpan(0, Math.Min(count, ContentSignature.HeadBytes)).ToArray();
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, RandomNumberGenerator.GetHexString(24, lowercase: true));
        var size = 0L;
        await using (var file = new FileStream(
            path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
        {
            _paths.Add(path);
            while (count > 0)
            {
                budget.Take(tenant, count);
                _taken += count;
                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                size += count;
                count = await content.ReadAsync(buffer, cancellationToken);
            }
        }

        return new UploadedFile(key, originalName, head, path, size);
    }
}
