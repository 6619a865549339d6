using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Indexes;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Views;

/// <summary>
/// Derives the fields of a view from its query: a column that shows a field of a collection is a copy of that field, an
/// id of another collection a relation to it, a count or cast a field of that type, and all else JSON.
/// </summary>
internal sealed class ViewFields(DatabaseConnection connection, SchemaSnapshot schema)
{
    private const string Member = "viewQuery";

    /// <summary>The fields; empty with an error when the query cannot be used.</summary>
    public IReadOnlyList<Field> Derive(string text, FieldErrorTree errors)
    {
        if (text.Trim().Length == 0)
        {
            errors.AddRequired(Member);
            return [];
        }

        if (text.Length > CollectionLimits.ViewQueryLength)
        {
            errors.AddLength(Member, 1, CollectionLimits.ViewQueryLength);
            return [];
        }

        if (ViewQuery.Parse(text, out var problem) is not { } query)
        {
            AddInvalid(errors, problem);
            return [];
        }

        try
        {
            return Derive(query, errors);
        }
        catch (DatabaseException fault) when (!fault.IsLocalFault && !fault.IsInterrupted)
        {
            // SQLite's words name only what the author of the query wrote.
            AddInvalid(errors, fault.Reason);
            return [];
        }
    }

    private static void AddInvalid(FieldErrorTree errors, string problem) =>
        errors.Add(Member, "validation_invalid_view_query", $"Invalid query - {problem}.");

    private List<Field> Derive(ViewQuery query, FieldErrorTree errors)
    {
        var fields = new List<Field>();
        var items = query.SelectList();
        if (items is not null && items.Exists(IsWildcard))
        {
            AddInvalid(errors, "dynamic column names are not supported");
            return fields;
        }

        using var statement = connection.Prepare($"SELECT * FROM ({query.Text}\n) LIMIT 0");
        // A cached statement learns of a changed schema, and so its columns, when it runs.
        statement.Step();
        if (statement.ColumnCount > CollectionLimits.Fields)
        {
            AddInvalid(errors, $"at most {CollectionLimits.Fields} columns are supported");
            return fields;
        }

        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var column = 0; column < statement.ColumnCount; column++)
        {
            var isListed = items?.Count == statement.ColumnCount;
            var field = ToField(statement, column, isListed ? items![column].Span : []);
            var id = GeneratedId.MakeFree(field.Id, taken.Contains);
            taken.Add(id);
            fields.Add(field with { Id = id });
        }

        if (!fields.Exists(field => field.Name == DefaultFields.IdName))
            AddInvalid(errors,
                "missing required id column (you can use `(ROW_NUMBER() OVER()) as id` if you don't have one)");
        return fields;
    }

    private static bool IsWildcard(ReadOnlyMemory<SqlToken> item)
    {
        var tokens = item.Span;
        return tokens.Length > 0 && tokens[^1].Is('*') && (tokens.Length == 1 || tokens[^2].Is('.'));
    }

    private Field ToField(Statement statement, int column, ReadOnlySpan<SqlToken> expression)
    {
        var name = statement.ColumnName(column);
        if (name == DefaultFields.IdName)
        {
            return new TextField
            {
                Id = GeneratedId.ForField("text", name),
                Name = name,
                IsSystem = true,
                IsRequired = true,
                IsPrimaryKey = true,
                Pattern = DefaultFields.IdPattern,
            };
        }

        var origin = schema.FindByName(statement.OriginTable(column));
        if (origin?.FindField(statement.OriginColumn(column)) is not { } source)
            return FromExpression(name, expression);
        if (source.Name == DefaultFields.IdName)
        {
            return new RelationField
            {
                Id = GeneratedId.ForField("relation", name),
                Name = name,
                CollectionId = origin.Id,
                MaxSelect = 1,
            };
        }

        var id = GeneratedId.ForField("_clone_", $"{origin.Id}.{source.Id}.{name}");
        return source with { Id = id, Name = name };
    }

    private static Field FromExpression(string name, ReadOnlySpan<SqlToken> expression)
    {
        if (expression.Length > 1 && expression[1].Is('(') && (expression[0].Is("count") || expression[0].Is("total")))
            return Number(isInteger: expression[0].Is("count"));
        return CastType(expression).ToLowerInvariant() switch
        {
            "integer" or "int" => Number(isInteger: true),
            "real" or "decimal" or "numeric" => Number(isInteger: false),
            "text" => new TextField { Id = GeneratedId.ForField("text", name), Name = name },
            "boolean" or "bool" => new BoolField { Id = GeneratedId.ForField("bool", name), Name = name },
            _ => new JsonField { Id = GeneratedId.ForField("json", name), Name = name, MaxSize = 1 },
        };

        NumberField Number(bool isInteger) =>
            new() { Id = GeneratedId.ForField("number", name), Name = name, IsIntegerOnly = isInteger };
    }

    // The type of an expression that is one CAST(... AS type), with or without a name after it.
    private static string CastType(ReadOnlySpan<SqlToken> expression)
    {
        if (expression.Length < 5 || !expression[0].Is("CAST") || !expression[1].Is('(')) return "";
        var depth = 0;
        for (var position = 1; position < expression.Length; position++)
        {
            if (expression[position].Is('(')) depth++;
            if (!expression[position].Is(')') || --depth > 0) continue;
            var rest = expression.Length - position - 1;
            var isWhole = rest == 0 || (rest == 1 && expression[^1].IsName) || (rest == 2 && expression[^2].Is("AS"));
            return isWhole && expression[position - 2].Is("AS") ? expression[position - 1].Text : "";
        }

        return "";
    }
}
