using Platform.Replication.ObjectStore;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Files;

/// <summary>
/// The files of a record that is about to be written: stored before, and held against sweeping until it is known what
/// became of the write. Files that the record does not name in the end are deleted: no state ever names them.
/// </summary>
internal sealed class HeldUploads : IDisposable
{
    private readonly TenantFiles? _files;
    private readonly List<FileReference> _held = [];
    private bool _isKept;

    private HeldUploads(TenantFiles? files) => _files = files;

    /// <exception cref="ApiException">503: object storage does not take them now.</exception>
    public static async Task<HeldUploads> StoreAsync(
        TenantFiles? files, string collectionId, string recordId, IReadOnlyList<UploadedFile> uploads,
        CancellationToken cancellationToken)
    {
        if (uploads.Count == 0 || files is null) return new HeldUploads(null);
        var stored = new HeldUploads(files);
        try
        {
            foreach (var upload in uploads)
            {
                var file = new FileReference(collectionId, recordId, upload.Name);
                files.Storage.Hold(file);
                stored._held.Add(file);
                var key = FileKeys.Of(collectionId, recordId, upload.Name);
                await files.Storage.StoreAsync(key, upload, cancellationToken);
            }

            files.Sweeper.AddAll();
            return stored;
        }
        catch (ObjectStoreException fault)
        {
            stored.Dispose();
            throw new ApiException(503, "Files cannot be stored at the moment.", cause: fault)
            {
                RetryAfterSeconds = 2,
            };
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    /// <summary>The write has succeeded, and the record has these values.</summary>
    public void Keep(CollectionPlan plan, RecordValues values)
    {
        if (_held.Count == 0) return;
        var names = RecordFiles.NamesOf(plan, values);
        _isKept = _held.TrueForAll(file => names.Contains(file.Name));
    }

    public void Dispose()
    {
        if (_files is null) return;
        foreach (var file in _held) _files.Storage.Release(file);
        if (!_isKept) _files.Sweeper.Discard(_held);
    }
}
