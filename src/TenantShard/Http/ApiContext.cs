using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Records;
using Platform.TenantShard.Requests;
using Platform.TenantShard.Settings;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Http;

/// <summary>One request of a tenant's API, with what the pipeline has found out about it.</summary>
internal sealed class ApiContext(
    HttpContext http, ApiServices services, ShardFeature tenant, RouteValues values) : IDisposable
{
    private const string DefaultRuleContext = "default";

    private RequestBody? _body;
    private BodyLease? _memory;
    private IPAddress? _clientAddress;
    private RequestInfo? _request;
    private JsonElement? _resolvedBody;
    private EmailAccess? _emailAccess;
    private Collection? _emailCollection;
    private string _ruleContext = DefaultRuleContext;

    public HttpContext Http { get; } = http;

    /// <summary>What all tenants of the node share.</summary>
    public ApiServices Services { get; } = services;

    public ShardFeature Tenant { get; } = tenant;

    /// <summary>What the tenant's settings say of requests.</summary>
    public RequestPolicy Policy { get; private set; } = RequestPolicy.Default;

    /// <summary>Where the request comes from, by the tenant's trust in proxies; null when nobody knows.</summary>
    public IPAddress? ClientAddress => _clientAddress ??= Policy.Proxy.Find(Http);

    public IShard Shard => Tenant.Shard;

    /// <summary>The parameters of the route.</summary>
    public RouteValues Values { get; private set; } = values;

    /// <summary>Null for guests.</summary>
    public AuthIdentity? Auth { get; private set; }

    /// <summary>The schema that this attempt at the request works with.</summary>
    public SchemaSnapshot Schema { get; private set; } = tenant.Shard.Schema;

    public bool IsSuperuser => Auth is { IsSuperuser: true };

    /// <summary>What the request's bodies take of the node's memory.</summary>
    public BodyLease Memory => _memory ??= new BodyLease(Services.Bodies, Tenant.Bodies);

    /// <summary>The size of the body that was read.</summary>
    public int BodyBytes => _body?.Length ?? 0;

    /// <summary>Cancelled when the client goes away.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The files of a form that was read.</summary>
    public IReadOnlyList<UploadedFile> BodyFiles => _body?.Files ?? [];

    /// <summary>
    /// Reads the JSON object of the body, once; <see cref="JsonValueKind.Undefined"/> without a body. The element is
    /// valid until the handler ends: a write command must not keep it. A form is read as the object that it stands
    /// for, with <see cref="BodyFiles"/>.
    /// </summary>
    /// <param name="fileBytesMax">
    /// Bytes of files that a form may have beyond the usual limit of a body, unless the tenant has a limit of its own.
    /// </param>
    /// <param name="ownBytesMax">A limit of this endpoint; the smaller one counts.</param>
    public async ValueTask<JsonElement> ReadBodyAsync(long fileBytesMax = 0, long ownBytesMax = long.MaxValue)
    {
        var bytesMax = Math.Min(Tenant.BodyBytesMax ?? Services.Options.BodyBytesMax, ownBytesMax);
        if (_body is null && MultipartForm.IsMultipart(Http.Request) && Tenant.Files is { } files)
        {
            var spool = new FormSpool(files.Storage.SpoolFolder, Services.Spool, Tenant.Uploads);
            var formBytesMax = Math.Min(Tenant.BodyBytesMax ?? bytesMax + fileBytesMax, ownBytesMax);
            _body = RequestBody.From(await MultipartForm.ReadAsync(Http, spool, bytesMax, formBytesMax, Memory));
        }

        _body ??= await RequestBody.ReadAsync(Http, bytesMax, Memory);
        return _body.Root;
    }

    /// <summary>Computes a password's hash when it is the tenant's turn.</summary>
    /// <exception cref="ApiException">429 when too many logins wait.</exception>
    public Task<string> HashPasswordAsync(string password, int cost) =>
        Services.Passwords.HashAsync(Shard.Tenant, password, cost, Aborted);

    /// <summary>Compares a password with a hash, which is empty for no record, when it is the tenant's turn.</summary>
    /// <exception cref="ApiException">429 when too many logins wait.</exception>
    public Task<bool> VerifyPasswordAsync(string password, string hash) =>
        Services.Passwords.VerifyAsync(Shard.Tenant, password, hash, Aborted);

    /// <summary>
    /// What rules and filters may know of this request. Built on demand, after the body is read: most requests need
    /// none of it.
    /// </summary>
    public RequestInfo Request => _request ??= Describe();

    /// <summary>Names what the request is for, as <c>@request.context</c> tells rules.</summary>
    public void Enter(string ruleContext)
    {
        _ruleContext = ruleContext;
        _request = null;
    }

    /// <summary>Lets rules see this body instead of the one that was sent; see <see cref="ResolvedBody"/>.</summary>
    public void ReplaceBody(JsonElement body)
    {
        _resolvedBody = body;
        _request = null;
    }

    /// <summary>Who sees which addresses of the collection; the last answer is kept.</summary>
    public EmailAccess EmailAccessTo(Collection collection)
    {
        if (_emailAccess is { } known && ReferenceEquals(_emailCollection, collection)) return known;
        var access = EmailAccess.Of(this, collection);
        // Relations of a page alternate with others, of which none has addresses.
        if (!access.SeesAll) (_emailAccess, _emailCollection) = (access, collection);
        return access;
    }

    /// <summary>Tells where the request goes, and by which settings.</summary>
    public void Route(RouteValues values, RequestPolicy policy) => (Values, Policy) = (values, policy);

    /// <summary>Starts over with the newest schema.</summary>
    public void Begin(AuthIdentity? auth)
    {
        Auth = auth;
        Schema = Shard.Schema;
        _request = null;
        _resolvedBody = null;
        _ruleContext = DefaultRuleContext;
        _emailAccess = null;
    }

    /// <summary>Goes on as the record that has just proved itself.</summary>
    public void ActAs(AuthIdentity? auth)
    {
        Auth = auth;
        _request = null;
        _emailAccess = null;
    }

    /// <summary>
    /// A request that is a part of this one, of the same identity and schema. It must not outlive this one.
    /// </summary>
    public ApiContext Within(HttpContext http, RouteValues values, RequestBody body) =>
        new(http, Services, Tenant, values)
        {
            Auth = Auth,
            Schema = Schema,
            Policy = Policy,
            _body = body,
            _memory = Memory,
            _clientAddress = ClientAddress,
        };

    private RequestInfo Describe() => new()
    {
        Method = Http.Request.Method,
        Context = _ruleContext,
        Auth = Auth,
        Query = QueryParameters.ReadAll(Http.Request.QueryString),
        Header = ReadHeader,
        Body = _resolvedBody ?? _body?.Root ?? default,
    };

    /// <summary>The collection of that id or name.</summary>
    /// <exception cref="ApiException">404 when there is none.</exception>
    public Collection FindCollection(string idOrName) =>
        Schema.Find(idOrName) ?? throw new ApiException(404, "Missing collection context.");

    /// <summary>Makes sure that what was planned from the collection still fits the database.</summary>
    /// <exception cref="SchemaChangedException">It does not.</exception>
    public static void RequireSame(SchemaSnapshot schema, Collection collection)
    {
        if (!ReferenceEquals(schema.FindById(collection.Id), collection)) throw new SchemaChangedException();
    }

    /// <summary>The same for a condition too, whose SQL may name other collections.</summary>
    public static void RequireSame(SchemaSnapshot schema, Collection collection, RowFilter? filter)
    {
        RequireSame(schema, collection);
        if (filter is not null && !ReferenceEquals(schema, filter.Schema)) throw new SchemaChangedException();
    }

    /// <summary>Sends a finished body.</summary>
    public Task SendAsync(int status, JsonBuffer body) => JsonResponse.SendAsync(Http, status, body);

    public void Dispose()
    {
        _body?.Dispose();
        _memory?.Dispose();
    }

    private string? ReadHeader(string name)
    {
        // Rules write x_token for X-Token: an identifier has no hyphen.
        var values = Http.Request.Headers[name.Replace('_', '-')];
        return values.Count == 0 ? null : values[0];
    }
}
