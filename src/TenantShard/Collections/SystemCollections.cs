using System.Text.Json;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Json;

namespace Platform.TenantShard.Collections;

/// <summary>
/// The collections of a new tenant, in order of creation. Token secrets are empty: see TenantInitialization.
/// </summary>
internal static class SystemCollections
{
    public const string Superusers = "_superusers";
    public const string Mfas = "_mfas";
    public const string Otps = "_otps";
    public const string ExternalAuths = "_externalAuths";
    public const string AuthOrigins = "_authOrigins";
    public const string Users = "users";

    private const string UsersId = "_pb_users_auth_";

    private const string OwnRecord =
        "@request.auth.id != '' && recordRef = @request.auth.id && collectionRef = @request.auth.collectionId";

    private const string OwnUser = "id = @request.auth.id";

    public static IReadOnlyList<Collection> New(string created) =>
    [
        NewReference(
            Mfas, created, canDelete: false, [Text("method")],
            index => [index("idx_mfas_collectionRef_recordRef", false, "collectionRef,recordRef")]),
        NewReference(
            Otps, created, canDelete: false,
            [
                // A cheap hash: the password lives for minutes and is tried only a few times.
                new PasswordField
                {
                    Id = "", Name = "password", IsSystem = true, IsHidden = true, IsRequired = true, Cost = 8,
                },
                new TextField { Id = "", Name = "sentTo", IsSystem = true, IsHidden = true },
            ],
            index => [index("idx_otps_collectionRef_recordRef", false, "collectionRef, recordRef")]),
        NewReference(
            ExternalAuths, created, canDelete: true, [Text("provider"), Text("providerId")],
            index =>
            [
                index("idx_externalAuths_record_provider", true, "collectionRef, recordRef, provider"),
                index("idx_externalAuths_collection_provider", true, "collectionRef, provider, providerId"),
            ]),
        NewReference(
            AuthOrigins, created, canDelete: true, [Text("fingerprint")],
            index => [index("idx_authOrigins_unique_pairs", true, "collectionRef, recordRef, fingerprint")]),
        NewSuperusers(created),
        NewUsers(created),
    ];

    /// <summary>The JSON of options as a collection carries it.</summary>
    public static JsonElement ToOptions(AuthOptions options)
    {
        var bytes = CollectionJson.ToBytes(options, static (writer, value) =>
        {
            writer.WriteStartObject();
            AuthOptionsJson.WriteMembers(writer, value, withSecrets: true);
            writer.WriteEndObject();
        });
        return StoredJson.Parse(bytes);
    }

    // Records that belong to a record of any auth collection, readable by their owner.
    private static Collection NewReference(
        string name, string created, bool canDelete, Field[] fields,
        Func<Func<string, bool, string, string>, string[]> indexes)
    {
        string Index(string index, bool isUnique, string columns) =>
            $"CREATE {(isUnique ? "UNIQUE " : "")}INDEX `{index}` ON `{name}` ({columns})";
        return DefaultFields.Complete(new Collection
        {
            Id = GeneratedId.ForCollection("base", name),
            Name = name,
            IsSystem = true,
            Fields = [Text("collectionRef"), Text("recordRef"), .. fields, .. Autodates(isSystem: true)],
            Indexes = indexes(Index),
            ListRule = OwnRecord,
            ViewRule = OwnRecord,
            DeleteRule = canDelete ? OwnRecord : null,
            Options = StoredJson.EmptyObject,
            Created = created,
            Updated = created,
        });
    }

    private static Collection NewSuperusers(string created)
    {
        var collection = DefaultFields.Complete(new Collection
        {
            Id = GeneratedId.ForCollection("auth", Superusers),
            Name = Superusers,
            Type = CollectionType.Auth,
            IsSystem = true,
            Fields = [],
            Options = ToOptions(new AuthOptions { AuthToken = new TokenOptions("", DurationSeconds: 24 * 60 * 60) }),
            Created = created,
            Updated = created,
        });
        return DefaultFields.Complete(
            collection with { Fields = [.. collection.Fields, .. Autodates(isSystem: true)] });
    }

    private static Collection NewUsers(string created)
    {
        var options = new AuthOptions();
        options = options with
        {
            OAuth2 = options.OAuth2 with
            {
                MappedFields = OAuth2MappedFields.None with { Name = "name", AvatarUrl = "avatar" },
            },
        };
        var collection = DefaultFields.Complete(new Collection
        {
            Id = UsersId,
            Name = Users,
            Type = CollectionType.Auth,
            Fields = [],
            ListRule = OwnUser,
            ViewRule = OwnUser,
            CreateRule = "",
            UpdateRule = OwnUser,
            DeleteRule = OwnUser,
            Options = ToOptions(options),
            Created = created,
            Updated = created,
        });
        return DefaultFields.Complete(collection with
        {
            Fields =
            [
                .. collection.Fields,
                new TextField { Id = "", Name = "name", Max = 255 },
                new FileField
                {
                    Id = "",
                    Name = "avatar",
                    MaxSelect = 1,
                    MimeTypes = ["image/jpeg", "image/png", "image/svg+xml", "image/gif", "image/webp"],
                },
                .. Autodates(isSystem: false),
            ],
        });
    }

    private static TextField Text(string name) => new() { Id = "", Name = name, IsSystem = true, IsRequired = true };

    private static Field[] Autodates(bool isSystem) =>
    [
        new AutodateField { Id = "", Name = "created", IsSystem = isSystem, OnCreate = true },
        new AutodateField { Id = "", Name = "updated", IsSystem = isSystem, OnCreate = true, OnUpdate = true },
    ];
}
