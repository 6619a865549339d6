using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Json;

/// <summary>
/// Reads a field from a request or from <c>_collections.fields</c>. Unknown members are ignored; absent ones have the
/// type's defaults.
/// </summary>
internal static class FieldJsonReader
{
    /// <summary>The field, or null with an error when its type is missing or unknown.</summary>
    public static Field? Read(JsonElement source, FieldErrorTree errors)
    {
        var json = new JsonObjectReader(source, errors);
        var type = json.Text("type", "");
        var field = ReadOptions(json, type);
        if (field is null)
        {
            if (type.Length == 0) errors.AddRequired("type");
            else errors.Add("type", "validation_unknown_field_type", "There is no field type of this name.");
            return null;
        }

        return field with
        {
            Help = json.Text("help", ""),
            IsHidden = json.Flag("hidden", false),
            IsPresentable = json.Flag("presentable", false),
            IsRequired = json.Flag("required", false),
            IsSystem = json.Flag("system", false),
        };
    }

    private static Field? ReadOptions(JsonObjectReader json, string type)
    {
        var id = json.Text("id", "");
        var name = json.Text("name", "");
        return type switch
        {
            "text" => ReadText(json, id, name),
            "password" => ReadPassword(json, id, name),
            "email" => new EmailField
            {
                Id = id,
                Name = name,
                ExceptDomains = json.Texts("exceptDomains", null),
                OnlyDomains = json.Texts("onlyDomains", null),
            },
            "url" => new UrlField
            {
                Id = id,
                Name = name,
                ExceptDomains = json.Texts("exceptDomains", null),
                OnlyDomains = json.Texts("onlyDomains", null),
            },
            "number" => new NumberField
            {
                Id = id,
                Name = name,
                Min = json.Number("min", null),
                Max = json.Number("max", null),
                IsIntegerOnly = json.Flag("onlyInt", false),
            },
            "bool" => new BoolField { Id = id, Name = name },
            "date" => new DateField { Id = id, Name = name, Min = json.Text("min", ""), Max = json.Text("max", "") },
            "autodate" => new AutodateField
            {
                Id = id,
                Name = name,
                OnCreate = json.Flag("onCreate", false),
                OnUpdate = json.Flag("onUpdate", false),
            },
            "editor" => new EditorField
            {
                Id = id,
                Name = name,
                MaxSize = json.Integer("maxSize", 0),
                ConvertsUrls = json.Flag("convertURLs", false),
            },
            "select" => new SelectField
            {
                Id = id,
                Name = name,
                Values = json.Texts("values", null) ?? [],
                MaxSelect = ReadMaxSelect(json),
            },
            "json" => new JsonField { Id = id, Name = name, MaxSize = json.Integer("maxSize", 0) },
            "file" => ReadFile(json, id, name),
            "relation" => ReadRelation(json, id, name),
            "geoPoint" => new GeoPointField { Id = id, Name = name },
            _ => null,
        };
    }

    private static TextField ReadText(JsonObjectReader json, string id, string name) => new()
    {
        Id = id,
        Name = name,
        IsPrimaryKey = json.Flag("primaryKey", false),
        Min = json.SmallInteger("min", 0),
        Max = json.SmallInteger("max", 0),
        Pattern = json.Text("pattern", ""),
        AutogeneratePattern = json.Text("autogeneratePattern", ""),
    };

    private static PasswordField ReadPassword(JsonObjectReader json, string id, string name) => new()
    {
        Id = id,
        Name = name,
        Pattern = json.Text("pattern", ""),
        Min = json.SmallInteger("min", 0),
        Max = json.SmallInteger("max", 0),
        Cost = json.SmallInteger("cost", 0),
    };

    private static FileField ReadFile(JsonObjectReader json, string id, string name) => new()
    {
        Id = id,
        Name = name,
        MaxSize = json.Integer("maxSize", 0),
        MaxSelect = ReadMaxSelect(json),
        MimeTypes = json.Texts("mimeTypes", null),
        Thumbs = json.Texts("thumbs", null),
        IsProtected = json.Flag("protected", false),
    };

    private static RelationField ReadRelation(JsonObjectReader json, string id, string name) => new()
    {
        Id = id,
        Name = name,
        CollectionId = json.Text("collectionId", ""),
        CascadeDelete = json.Flag("cascadeDelete", false),
        MinSelect = json.SmallInteger("minSelect", 0),
        MaxSelect = ReadMaxSelect(json),
    };

    // Absent and 0 both mean a single value.
    private static int ReadMaxSelect(JsonObjectReader json)
    {
        var maxSelect = json.SmallInteger("maxSelect", 1);
        return maxSelect == 0 ? 1 : maxSelect;
    }
}
