using System.Text.Json;
using Platform.TenantShard.Collections.Fields;

namespace Platform.TenantShard.PocketBaseData.Legacy;

/// <summary>
/// Fields of before 0.23: <c>{"id", "name", "type", "system", "required", "presentable", "options": {...}}</c>. Their
/// ids and options stay; what had no limit gets the largest one that the option takes.
/// </summary>
internal static class LegacyFields
{
    private const int IdLength = 15;

    /// <summary>The ids that PocketBase itself gives to columns that were none of the schema before.</summary>
    public static TextField Id { get; } = new()
    {
        Id = "_pbf_text_id_",
        Name = "id",
        IsSystem = true,
        IsPrimaryKey = true,
        IsRequired = true,
        Min = IdLength,
        Max = IdLength,
        Pattern = "^[a-z0-9]+$",
        AutogeneratePattern = "[a-z0-9]{15}",
    };

    public static IReadOnlyList<Field> Dates { get; } =
    [
        new AutodateField { Id = "_pbf_autodate_created_", Name = "created", OnCreate = true },
        new AutodateField { Id = "_pbf_autodate_updated_", Name = "updated", OnCreate = true, OnUpdate = true },
    ];

    /// <summary>The columns that every auth table had.</summary>
    public static IReadOnlyList<Field> Auth(string collectionName, JsonElement options) =>
    [
        new PasswordField
        {
            Id = "_pbf_auth_password_",
            Name = "password",
            IsSystem = true,
            IsHidden = true,
            IsRequired = true,
            Cost = 10,
            Min = options.Integer("minPasswordLength") ?? 8,
        },
        new TextField
        {
            Id = "_pbf_auth_tokenKey_",
            Name = "tokenKey",
            IsSystem = true,
            IsHidden = true,
            IsRequired = true,
            Min = 30,
            Max = 60,
            AutogeneratePattern = "[a-zA-Z0-9_]{50}",
        },
        new EmailField
        {
            Id = "_pbf_auth_email_",
            Name = "email",
            IsSystem = true,
            IsRequired = options.Flag("requireEmail"),
            ExceptDomains = options.Texts("exceptEmailDomains"),
            OnlyDomains = options.Texts("onlyEmailDomains"),
        },
        new BoolField { Id = "_pbf_auth_emailVisibility_", Name = "emailVisibility", IsSystem = true },
        new BoolField { Id = "_pbf_auth_verified_", Name = "verified", IsSystem = true },
        new TextField
        {
            Id = "_pbf_auth_username_",
            Name = "username",
            IsRequired = true,
            Min = 3,
            Max = 150,
            Pattern = @"^[\w][\w\.\-]*$",
            AutogeneratePattern = $"{collectionName}[0-9]{{5}}",
        },
    ];

    /// <summary>Null when the type is none that there ever was.</summary>
    public static Field? Convert(JsonElement field)
    {
        var (id, name) = (field.Text("id"), field.Text("name"));
        var converted = Convert(field.Text("type"), id, name, field.Member("options"));
        return converted is null
            ? null
            : converted with
            {
                IsSystem = field.Flag("system"),
                IsRequired = field.Flag("required"),
                IsPresentable = field.Flag("presentable"),
            };
    }

    private static Field? Convert(string type, string id, string name, JsonElement options) => type switch
    {
        "text" => new TextField
        {
            Id = id,
            Name = name,
            Min = options.Integer("min") ?? 0,
            Max = options.Integer("max") ?? 0,
            Pattern = options.Text("pattern"),
        },
        "number" => new NumberField
        {
            Id = id,
            Name = name,
            Min = options.Number("min"),
            Max = options.Number("max"),
            IsIntegerOnly = options.Flag("noDecimal"),
        },
        "bool" => new BoolField { Id = id, Name = name },
        "email" => new EmailField
        {
            Id = id,
            Name = name,
            ExceptDomains = options.Texts("exceptDomains"),
            OnlyDomains = options.Texts("onlyDomains"),
        },
        "url" => new UrlField
        {
            Id = id,
            Name = name,
            ExceptDomains = options.Texts("exceptDomains"),
            OnlyDomains = options.Texts("onlyDomains"),
        },
        "editor" => new EditorField { Id = id, Name = name, ConvertsUrls = options.Flag("convertUrls") },
        "date" => new DateField { Id = id, Name = name, Min = options.Text("min"), Max = options.Text("max") },
        "json" => new JsonField { Id = id, Name = name, MaxSize = Size(options) },
        "select" => new SelectField
        {
            Id = id,
            Name = name,
            Values = options.Texts("values") ?? [],
            MaxSelect = AtLeastOne(options.Integer("maxSelect") ?? 1),
        },
        "file" => new FileField
        {
            Id = id,
            Name = name,
            MaxSelect = AtLeastOne(options.Integer("maxSelect") ?? 1),
            MaxSize = Size(options),
            MimeTypes = options.Texts("mimeTypes"),
            Thumbs = options.Texts("thumbs"),
            IsProtected = options.Flag("protected"),
        },
        "relation" => new RelationField
        {
            Id = id,
            Name = name,
            CollectionId = options.Text("collectionId"),
            CascadeDelete = options.Flag("cascadeDelete"),
            MinSelect = options.Integer("minSelect") ?? 0,
            MaxSelect = AtLeastOne(options.Integer("maxSelect") ?? int.MaxValue),
        },
        _ => null,
    };

    private static int AtLeastOne(int maxSelect) => Math.Max(1, maxSelect);

    private static long Size(JsonElement options) => Math.Max(0, (long)(options.Number("maxSize") ?? 0));
}
