using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Indexes;

namespace Platform.TenantShard.Collections;

/// <summary>
/// The fields and indexes that every collection of a type has. Missing ones are added when a collection is saved; the
/// flags that the platform relies on are enforced.
/// </summary>
internal static class DefaultFields
{
    public const string IdName = "id";
    public const string IdPattern = "^[a-z0-9]+$";

    private const string IdAutogeneratePattern = "[a-z0-9]{15}";
    private const int IdLength = 15;

    /// <summary>The collection with ids for fields that have none, and with all that its type needs.</summary>
    public static Collection Complete(Collection collection)
    {
        if (collection.Type == CollectionType.View) return collection;
        var fields = WithIds(collection.Fields);
        var id = fields.FindIndex(field => field.Name == IdName);
        if (id >= 0) fields[id] = EnforceId(fields[id]);
        else fields.Insert(0, NewId());
        if (collection.Type == CollectionType.Auth) AddAuthFields(fields);
        fields = WithIds(fields);
        return collection with
        {
            Fields = fields,
            Indexes = collection.Type == CollectionType.Auth
                ? WithAuthIndexes(collection.Indexes, collection.Id, collection.Name)
                : collection.Indexes,
        };
    }

    private static List<Field> WithIds(IReadOnlyList<Field> fields)
    {
        var taken = new HashSet<string>(fields.Select(field => field.Id), StringComparer.Ordinal);
        var complete = new List<Field>(fields.Count + 1);
        foreach (var field in fields)
        {
            if (field.Id.Length > 0)
            {
                complete.Add(field);
                continue;
            }

            var id = GeneratedId.MakeFree(GeneratedId.ForField(field.Type, field.Name), taken.Contains);
            taken.Add(id);
            complete.Add(field with { Id = id });
        }

        return complete;
    }

    private static TextField NewId() => new()
    {
        Id = "",
        Name = IdName,
        IsSystem = true,
        IsPrimaryKey = true,
        IsRequired = true,
        Min = IdLength,
        Max = IdLength,
        Pattern = IdPattern,
        AutogeneratePattern = IdAutogeneratePattern,
    };

    private static Field EnforceId(Field field) => field is not TextField id
        ? field
        : id with
        {
            IsSystem = true,
            IsRequired = true,
            IsPrimaryKey = true,
            IsHidden = false,
            Pattern = id.Pattern.Length == 0 ? IdPattern : id.Pattern,
        };

    private static void AddAuthFields(List<Field> fields)
    {
        Enforce(fields, new PasswordField
        {
            Id = "",
            Name = "password",
            Min = 8,
            IsSystem = true,
            IsHidden = true,
            IsRequired = true,
        }, password => password with { IsSystem = true, IsHidden = true, IsRequired = true });
        Enforce(fields, new TextField
        {
            Id = "",
            Name = "tokenKey",
            Min = 30,
            Max = 60,
            AutogeneratePattern = "[a-zA-Z0-9]{50}",
            IsSystem = true,
            IsHidden = true,
            IsRequired = true,
        }, tokenKey => tokenKey with { IsSystem = true, IsHidden = true, IsRequired = true });
        Enforce(fields, new EmailField { Id = "", Name = "email", IsSystem = true, IsRequired = true },
            email => email with { IsSystem = true, IsHidden = false });
        Enforce(fields, new BoolField { Id = "", Name = "emailVisibility", IsSystem = true },
            visibility => visibility with { IsSystem = true });
        Enforce(fields, new BoolField { Id = "", Name = "verified", IsSystem = true },
            verified => verified with { IsSystem = true });
    }

    // A field of that name but of another type stays as it is: validation refuses it.
    private static void Enforce<TField>(List<Field> fields, TField missing, Func<TField, TField> enforce)
        where TField : Field
    {
        var index = fields.FindIndex(field => field.Name == missing.Name);
        if (index < 0) fields.Add(missing);
        else if (fields[index] is TField present) fields[index] = enforce(present);
    }

    private static List<string> WithAuthIndexes(IReadOnlyList<string> indexes, string id, string name)
    {
        List<string> complete = [.. indexes];
        if (!IndexDefinition.HasUnique(complete, "tokenKey"))
            complete.Add($"CREATE UNIQUE INDEX `idx_tokenKey_{id}` ON `{name}` (`tokenKey`)");
        if (!IndexDefinition.HasUnique(complete, "email"))
            complete.Add($"CREATE UNIQUE INDEX `idx_email_{id}` ON `{name}` (`email`) WHERE `email` != ''");
        return complete;
    }
}
