using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.TenantShard.Files.Forms;

namespace Platform.TenantShard.Batch;

/// <summary>One request of a batch, as it was sent.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">Without the query string.</param>
/// <param name="Query">Such as <c>?expand=author</c>.</param>
/// <param name="Headers">An object of texts, or nothing.</param>
/// <param name="Body">An object, or nothing. Valid while the batch's body is.</param>
/// <param name="Files">Its files, with the names of fields as keys.</param>
internal sealed record BatchRequest(
    string Method, string Path, QueryString Query, JsonElement Headers, JsonElement Body,
    IReadOnlyList<UploadedFile> Files);
