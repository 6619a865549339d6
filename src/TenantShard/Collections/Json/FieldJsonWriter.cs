using System.Text.Json;
using Platform.TenantShard.Collections.Fields;

namespace Platform.TenantShard.Collections.Json;

/// <summary>
/// Writes a field as the API shows it and <c>_collections.fields</c> stores it: all options of its type, names in
/// alphabetical order.
/// </summary>
internal static class FieldJsonWriter
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Field> fields)
    {
        writer.WriteStartArray();
        foreach (var field in fields) Write(writer, field);
        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, Field field)
    {
        writer.WriteStartObject();
        switch (field)
        {
            case TextField text: WriteText(writer, text); break;
            case PasswordField password: WritePassword(writer, password); break;
            case EmailField email: WriteDomains(writer, email, email.ExceptDomains, email.OnlyDomains); break;
            case UrlField url: WriteDomains(writer, url, url.ExceptDomains, url.OnlyDomains); break;
            case NumberField number: WriteNumber(writer, number); break;
            case DateField date: WriteDate(writer, date); break;
            case AutodateField autodate: WriteAutodate(writer, autodate); break;
            case EditorField editor: WriteEditor(writer, editor); break;
            case SelectField select: WriteSelect(writer, select); break;
            case JsonField json: WriteJson(writer, json); break;
            case FileField file: WriteFile(writer, file); break;
            case RelationField relation: WriteRelation(writer, relation); break;
            default: WritePlain(writer, field); break;
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, TextField field)
    {
        writer.WriteString("autogeneratePattern", field.AutogeneratePattern);
        WriteStart(writer, field);
        writer.WriteNumber("max", field.Max);
        writer.WriteNumber("min", field.Min);
        writer.WriteString("name", field.Name);
        writer.WriteString("pattern", field.Pattern);
        writer.WriteBoolean("presentable", field.IsPresentable);
        writer.WriteBoolean("primaryKey", field.IsPrimaryKey);
        WriteEnd(writer, field);
    }

    private static void WritePassword(Utf8JsonWriter writer, PasswordField field)
    {
        writer.WriteNumber("cost", field.Cost);
        WriteStart(writer, field);
        writer.WriteNumber("max", field.Max);
        writer.WriteNumber("min", field.Min);
        writer.WriteString("name", field.Name);
        writer.WriteString("pattern", field.Pattern);
        writer.WriteBoolean("presentable", field.IsPresentable);
        WriteEnd(writer, field);
    }

    private static void WriteDomains(
        Utf8JsonWriter writer, Field field, IReadOnlyList<string>? except, IReadOnlyList<string>? only)
    {
        WriteTexts(writer, "exceptDomains", except);
        WriteStart(writer, field);
        writer.WriteString("name", field.Name);
        WriteTexts(writer, "onlyDomains", only);
        writer.WriteBoolean("presentable", field.IsPresentable);
        WriteEnd(writer, field);
    }

    private static void WriteNumber(Utf8JsonWriter writer, NumberField field)
    {
        WriteStart(writer, field);
        WriteOptional(writer, "max", field.Max);
        WriteOptional(writer, "min", field.Min);
        writer.WriteString("name", field.Name);
        writer.WriteBoolean("onlyInt", field.IsIntegerOnly);
        writer.WriteBoolean("presentable", field.IsPresentable);
        WriteEnd(writer, field);
    }

    private static void WriteDate(Utf8JsonWriter writer, DateField field)
    {
        WriteStart(writer, field);
        writer.WriteString("max", field.Max);
        writer.WriteString("min", field.Min);
        writer.WriteString("name", field.Name);
        writer.WriteBoolean("presentable", field.IsPresentable);
        WriteEnd(writer, field);
    }

    // The only type without help and required: nobody fills it in.
    private static void WriteAutodate(Utf8JsonWriter writer, AutodateField field)
    {
        writer.WriteBoolean("hidden", field.IsHidden);
        writer.WriteString("id", field.Id);
        writer.WriteString("name", field.Name);
        writer.WriteBoolean("onCreate", field.OnCreate);
        writer.WriteBoolean("onUpdate", field.OnUpdate);
        writer.WriteBoolean("presentable", field.IsPresentable);
        writer.WriteBoolean("system", field.IsSystem);
        writer.WriteString("type", field.Type);
    }

    private static void WriteEditor(Utf8JsonWriter writer, EditorField field)
    {
        writer.WriteBoolean("convertURLs", field.ConvertsUrls);
        WriteStart(writer, field);
        writer.WriteNumber("maxSize", field.MaxSize);
        writer.WriteString("name", field.Name);
        writer.WriteBoolean("presentable", field.IsPresentable);
        WriteEnd(writer, field);
    }

    private static void WriteSelect(Utf8JsonWriter writer, SelectField field)
    {
        WriteStart(writer, field);
        writer.WriteNumber("maxSelect", field.MaxSelect);
        writer.WriteString("name", field.Name);
        writer.WriteBoolean("presentable", field.IsPresentable);
        WriteEnd(writer, field);
        WriteTexts(writer, "values", field.Values);
    }

    private static void WriteJson(Utf8JsonWriter writer, JsonField field)
    {
        WriteStart(writer, field);
        writer.WriteNumber("maxSize", field.MaxSize);
        writer.WriteString("name", field.Name);
        writer.WriteBoolean("presentable", field.IsPresentable);
        WriteEnd(writer, field);
    }

    private static void WriteFile(Utf8JsonWriter writer, FileField field)
    {
        WriteStart(writer, field);
        writer.WriteNumber("maxSelect", field.MaxSelect);
        writer.WriteNumber("maxSize", field.MaxSize);
        WriteTexts(writer, "mimeTypes", field.MimeTypes);
        writer.WriteString("name", field.Name);
        writer.WriteBoolean("presentable", field.IsPresentable);
        writer.WriteBoolean("protected", field.IsProtected);
        writer.WriteBoolean("required", field.IsRequired);
        writer.WriteBoolean("system", field.IsSystem);
        WriteTexts(writer, "thumbs", field.Thumbs);
        writer.WriteString("type", field.Type);
    }

    private static void WriteRelation(Utf8JsonWriter writer, RelationField field)
    {
        writer.WriteBoolean("cascadeDelete", field.CascadeDelete);
        writer.WriteString("collectionId", field.CollectionId);
        WriteStart(writer, field);
        writer.WriteNumber("maxSelect", field.MaxSelect);
        writer.WriteNumber("minSelect", field.MinSelect);
        writer.WriteString("name", field.Name);
        writer.WriteBoolean("presentable", field.IsPresentable);
        WriteEnd(writer, field);
    }

    private static void WritePlain(Utf8JsonWriter writer, Field field)
    {
        WriteStart(writer, field);
        writer.WriteString("name", field.Name);
        writer.WriteBoolean("presentable", field.IsPresentable);
        WriteEnd(writer, field);
    }

    private static void WriteStart(Utf8JsonWriter writer, Field field)
    {
        writer.WriteString("help", field.Help);
        writer.WriteBoolean("hidden", field.IsHidden);
        writer.WriteString("id", field.Id);
    }

    private static void WriteEnd(Utf8JsonWriter writer, Field field)
    {
        writer.WriteBoolean("required", field.IsRequired);
        writer.WriteBoolean("system", field.IsSystem);
        writer.WriteString("type", field.Type);
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number) writer.WriteNumber(name, number);
        else writer.WriteNull(name);
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string>? texts)
    {
        if (texts is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
