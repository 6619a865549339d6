using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.PocketBaseData.Legacy;

/// <summary>
/// Reads a database of PocketBase before 0.23 and says it in the current layout: admins become superusers, schemas
/// become fields, the columns that every table had become fields too, and the secrets of tokens move from the settings
/// to the collections, so that passwords and tokens stay valid.
/// </summary>
internal sealed class LegacyLayout
{
    private const string SettingsLost =
        "They held the secrets of tokens: all users must sign in again, with their passwords. The tenant gets the default "
        + "settings (name, mail server, e-mail texts, OAuth2 providers, limits).";

    private const string Select = """
        SELECT id, name, type, system, "schema", indexes, listRule, viewRule, createRule, updateRule, deleteRule,
               options, created, updated
        FROM _collections ORDER BY rowid
        """;

    private static readonly string[] ObsoleteAuthColumns =
        ["lastLoginAlertSentAt", "lastResetSentAt", "lastVerificationSentAt"];

    private static readonly Dictionary<string, string> AuthExpressions = new() { ["password"] = "`passwordHash`" };

    private readonly SourceDatabase _source;
    private readonly ImportNotes _notes;
    private readonly LegacyAuth _auth;
    private readonly JsonElement? _settings;

    private LegacyLayout(SourceDatabase source, ImportNotes notes)
    {
        (_source, _notes) = (source, notes);
        _settings = StoredSettings.Read(source.Connection, "key", SettingsLost, notes);
        _auth = new LegacyAuth(_settings ?? default);
    }

    /// <exception cref="ImportRefusedException">A row of <c>_collections</c> holds no valid collection.</exception>
    public static SourceApp Read(SourceDatabase source, ImportNotes notes, string now)
    {
        try
        {
            var layout = new LegacyLayout(source, notes);
            List<SourceCollection> collections = [.. layout.ReadCollections(), .. layout.SystemCollections(now)];
            notes.ThrowIfRefused();
            return new SourceApp(
                collections, layout._settings is { } settings ? LegacySettings.Convert(settings) : null);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new ImportRefusedException(
                $"{SourceDatabase.Name}/_collections", "validation_invalid_collection",
                "A collection is stored as something that is not JSON.", fault);
        }
        catch (DatabaseException fault) when (!fault.IsLocalFault && !fault.IsInterrupted)
        {
            throw new ImportRefusedException(
                $"{SourceDatabase.Name}/_collections", "validation_invalid_collection",
                $"The table is not one of PocketBase: {fault.Reason}.", fault);
        }
    }

    private IEnumerable<SourceCollection> SystemCollections(string now)
    {
        foreach (var collection in Collections.SystemCollections.New(now))
        {
            if (collection.Name == Collections.SystemCollections.Superusers) yield return Admins(collection);
            if (collection.Name == Collections.SystemCollections.ExternalAuths) yield return ExternalAuths(collection);
        }
    }

    private SourceCollection Admins(Collection superusers) => new()
    {
        Collection = superusers with
        {
            Options = Collections.SystemCollections.ToOptions(_auth.ConvertAdmins()),
        },
        Table = "_admins",
        Expressions = new Dictionary<string, string>
        {
            ["password"] = "`passwordHash`",
            ["verified"] = "1",
            ["emailVisibility"] = "0",
        },
        Obsolete = ["avatar", "lastResetSentAt"],
    };

    private static SourceCollection ExternalAuths(Collection externalAuths) => new()
    {
        Collection = externalAuths,
        Table = externalAuths.Name,
        Expressions = new Dictionary<string, string>
        {
            ["collectionRef"] = "`collectionId`",
            ["recordRef"] = "`recordId`",
        },
    };

    private List<SourceCollection> ReadCollections()
    {
        var collections = new List<SourceCollection>();
        using var row = _source.Connection.Prepare(Select);
        while (row.Step()) collections.Add(ReadRow(row));
        return collections;
    }

    private SourceCollection ReadRow(Statement row)
    {
        var name = row.Text(1);
        var type = CollectionJson.TypeOf(row.Text(2)) ?? throw new ImportRefusedException(
            $"{SourceDatabase.Name}/{name}/type", "validation_in_invalid", "The collection is of no known type.");
        var options = Json(row, 11);
        var collection = new Collection
        {
            Id = row.Text(0),
            Name = name,
            Type = type,
            IsSystem = row.Int64(3) != 0,
            Fields = ReadFields(name, type, Json(row, 4), options),
            Indexes = type == CollectionType.View ? [] : ReadIndexes(name, Json(row, 5)),
            ListRule = Rule(row, 6, name),
            ViewRule = Rule(row, 7, name),
            CreateRule = Rule(row, 8, name),
            UpdateRule = Rule(row, 9, name),
            DeleteRule = Rule(row, 10, name),
            Options = type switch
            {
                CollectionType.Auth => Collections.SystemCollections.ToOptions(_auth.Convert(options)),
                CollectionType.View => ViewOptions.ToOptions(options.Text("query")),
                _ => StoredJson.EmptyObject,
            },
            Created = row.Text(12),
            Updated = row.Text(13),
        };
        return new SourceCollection
        {
            Collection = collection,
            Table = type == CollectionType.View ? null : name,
            Expressions = type == CollectionType.Auth ? AuthExpressions : new Dictionary<string, string>(),
            Obsolete = type == CollectionType.Auth ? ObsoleteAuthColumns : [],
        };
    }

    private List<Field> ReadFields(string collection, CollectionType type, JsonElement schema, JsonElement options)
    {
        var fields = new List<Field> { LegacyFields.Id };
        if (type == CollectionType.Auth) fields.AddRange(LegacyFields.Auth(collection, options));
        if (schema.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in schema.EnumerateArray())
            {
                if (LegacyFields.Convert(item) is { } field)
                    fields.Add(field);
                else
                    _notes.Refuse(
                        $"{SourceDatabase.Name}/{collection}/fields/{item.Text("name")}",
                        "validation_unknown_field_type", $"There is no field type '{item.Text("type")}'.");
            }
        }

        if (type == CollectionType.View) return fields;
        foreach (var date in LegacyFields.Dates)
            if (!fields.Exists(field => string.Equals(field.Name, date.Name, StringComparison.OrdinalIgnoreCase)))
                fields.Add(date);
        return fields;
    }

    /// <summary>The stated ones, and those that every table had without stating them.</summary>
    private List<string> ReadIndexes(string table, JsonElement stated)
    {
        var indexes = new List<string>();
        if (stated.ValueKind == JsonValueKind.Array)
            indexes.AddRange(stated.EnumerateArray().Select(item => item.GetString() ?? ""));
        var names = indexes.Select(text => Collections.Indexes.IndexDefinition.Parse(text)?.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        using var row = _source.Connection.Prepare(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND lower(tbl_name) = lower(?1)");
        row.BindText(1, table);
        while (row.Step())
            if (!names.Contains(row.Text(0))) indexes.Add(row.Text(1));
        return indexes;
    }

    private string? Rule(Statement row, int column, string collection)
    {
        if (row.IsNull(column)) return null;
        var rule = row.Text(column);
        var converted = LegacyRules.Convert(rule);
        if (converted != rule)
            _notes.Warn(
                $"A rule of the collection '{collection}' used @request.data, which is called @request.body now; "
                + $"it is stored as: {converted}");
        return converted;
    }

    private static JsonElement Json(Statement row, int column) =>
        row.IsNull(column) ? default : StoredJson.Parse(Encoding.UTF8.GetBytes(row.Text(column)));
}
