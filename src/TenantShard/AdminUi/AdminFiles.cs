using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Net.Http.Headers;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.AdminUi;

/// <summary>
/// Serves the folder of an admin UI, the same for all tenants, at <c>/_/</c>. Only files below the folder, and none whose
/// name, or a folder's of its path, begins with a dot.
/// </summary>
internal sealed class AdminFiles : IDisposable
{
    private const string Prefix = "/_";
    private const string Index = "index.html";

    /// <summary>Names of built files change with their content; 14 days as PocketBase.</summary>
    private const string Cached = "max-age=1209600, stale-while-revalidate=86400";

    private readonly PhysicalFileProvider? _files;
    private readonly FileExtensionContentTypeProvider _types = new();

    /// <param name="folder">Null or empty: there is no admin UI.</param>
    public AdminFiles(string? folder)
    {
        if (!string.IsNullOrEmpty(folder))
            _files = new PhysicalFileProvider(Path.GetFullPath(folder), ExclusionFilters.Sensitive);
    }

    /// <summary>True for a path that is the admin UI's, whether there is one or not.</summary>
    public static bool Owns(PathString path) => path.StartsWithSegments(Prefix, StringComparison.Ordinal);

    /// <exception cref="ApiException">404: no such file, or no admin UI; 405: not a GET.</exception>
    public async Task ServeAsync(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) throw ApiException.NotFound();
        if (_files is null)
            throw new ApiException(404, "There is no admin UI here. The operator sets platform.tenant-node.admin-ui.");
        if (request.Path == Prefix)
        {
            http.Response.Redirect(Prefix + "/" + request.QueryString, permanent: false);
            return;
        }

        var path = request.Path.Value![(Prefix.Length + 1)..];
        await SendAsync(http, Find(path) ?? throw ApiException.NotFound());
    }

    public void Dispose() => _files?.Dispose();

    /// <summary>Pages of the UI are its own matter: a path that does not look like a file is its index.</summary>
    private IFileInfo? Find(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal)) return null;
        var file = _files!.GetFileInfo(path.Length == 0 ? Index : path);
        if (!file.Exists && !Path.HasExtension(path)) file = _files.GetFileInfo(Index);
        return file is { Exists: true, IsDirectory: false } ? file : null;
    }

    private async Task SendAsync(HttpContext http, IFileInfo file)
    {
        var response = http.Response;
        var isIndex = file.Name == Index;
        var tag = new EntityTagHeaderValue(string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"\"{file.LastModified.UtcTicks:x}-{file.Length:x}\""));
        response.Headers.ETag = tag.ToString();
        response.Headers.CacheControl = isIndex ? "no-cache" : Cached;
        response.Headers.XFrameOptions = "SAMEORIGIN";
        response.ContentType = _types.TryGetContentType(file.Name, out var type) ? type : "application/octet-stream";
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentLength = file.Length;
        if (HttpMethods.IsGet(http.Request.Method)) await response.SendFileAsync(file, http.RequestAborted);
    }
}
