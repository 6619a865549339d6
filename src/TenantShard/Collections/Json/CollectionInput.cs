using System.Text.Json;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Json;

/// <summary>
/// Reads a collection from the body of a request, over the current one: members that are absent keep what was, lists
/// replace lists. Dates, and members that are unknown, are ignored.
/// </summary>
internal static class CollectionInput
{
    /// <summary>A collection that does not exist yet; without an id one is made from type and name.</summary>
    public static Collection ReadNew(JsonElement body, string now, FieldErrorTree errors)
    {
        var json = new JsonObjectReader(body, errors);
        var typeName = json.Text("type", "base");
        var type = CollectionJson.TypeOf(typeName);
        if (typeName.Length == 0) type = CollectionType.Base;
        if (type is null) errors.AddNotAllowed("type");
        var name = json.Text("name", "");
        var blank = new Collection
        {
            Id = "",
            Name = name,
            Type = type ?? CollectionType.Base,
            Fields = [],
            Options = type switch
            {
                CollectionType.Auth => SystemCollections.ToOptions(new AuthOptions().WithFreshSecrets()),
                CollectionType.View => ViewOptions.ToOptions(""),
                _ => StoredJson.EmptyObject,
            },
            Created = now,
            Updated = now,
        };
        return Merge(body, blank, now, errors);
    }

    /// <summary>The current collection with the members of the body.</summary>
    public static Collection Merge(JsonElement body, Collection current, string now, FieldErrorTree errors)
    {
        var json = new JsonObjectReader(body, errors);
        return current with
        {
            Id = json.Text("id", current.Id),
            Name = json.Text("name", current.Name),
            IsSystem = json.Flag("system", current.IsSystem),
            Fields = ReadFields(json, current.Fields),
            Indexes = json.Texts("indexes", current.Indexes) ?? [],
            ListRule = json.Rule("listRule", current.ListRule),
            ViewRule = json.Rule("viewRule", current.ViewRule),
            CreateRule = json.Rule("createRule", current.CreateRule),
            UpdateRule = json.Rule("updateRule", current.UpdateRule),
            DeleteRule = json.Rule("deleteRule", current.DeleteRule),
            Options = ReadOptions(body, current, errors),
            Updated = now,
        };
    }

    private static IReadOnlyList<Field> ReadFields(JsonObjectReader json, IReadOnlyList<Field> current)
    {
        if (json.List("fields") is not { } list) return current;
        if (list.GetArrayLength() > CollectionLimits.Fields)
        {
            json.Errors.Add("fields", "validation_too_many_fields", $"At most {CollectionLimits.Fields} are allowed.");
            return current;
        }

        var fields = new List<Field>(list.GetArrayLength());
        var position = 0;
        foreach (var item in list.EnumerateArray())
        {
            var errors = json.Errors.At("fields").At(position++);
            if (FieldJsonReader.Read(item, errors) is { } field) fields.Add(KeepId(field, current));
        }

        return fields;
    }

    // A field that comes without its id is the one of that name and type, so that its column keeps its data.
    private static Field KeepId(Field field, IReadOnlyList<Field> current)
    {
        if (field.Id.Length > 0) return field;
        var known = current.FirstOrDefault(old => old.Name == field.Name && old.Type == field.Type);
        return known is null ? field : field with { Id = known.Id };
    }

    private static JsonElement ReadOptions(JsonElement body, Collection current, FieldErrorTree errors)
    {
        switch (current.Type)
        {
            case CollectionType.Auth:
                var options = AuthOptionsJson.Read(current.Options);
                var merged = AuthOptionsJson.Merge(body, options, errors);
                // Members of the class compare by reference in lists, so equality only means "nothing was given".
                return merged == options ? current.Options : SystemCollections.ToOptions(merged);
            case CollectionType.View:
                var query = ViewOptions.Query(current.Options);
                return ViewOptions.ToOptions(new JsonObjectReader(body, errors).Text("viewQuery", query));
            default:
                return current.Options;
        }
    }
}
