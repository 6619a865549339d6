using System.Globalization;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Validation;

/// <summary>Checks the options of one field.</summary>
internal sealed class FieldValidator(SchemaSnapshot schema, Collection collection, Collection? original)
{
    // The largest integer that every JSON reader keeps exact.
    private const double SafeIntegerMax = 9007199254740991;

    // bcrypt reads 72 bytes, one of which ends the text.
    private const int PasswordLengthMax = 71;

    private const int NameLengthMax = 100;
    private const int HelpLengthMax = 1000;

    public void Check(Field field, FieldErrorTree errors)
    {
        CheckName(field, errors);
        if (field.Help.Length > HelpLengthMax) errors.AddLength("help", 0, HelpLengthMax);
        switch (field)
        {
            case TextField text: CheckText(text, errors); break;
            case PasswordField password: CheckPassword(password, errors); break;
            case EmailField email: CheckDomains(email.ExceptDomains, email.OnlyDomains, errors); break;
            case UrlField url: CheckDomains(url.ExceptDomains, url.OnlyDomains, errors); break;
            case NumberField number: CheckNumber(number, errors); break;
            case DateField date: CheckDate(date, errors); break;
            case AutodateField { OnCreate: false, OnUpdate: false }: errors.AddRequired("onCreate"); break;
            case EditorField editor: errors.CheckRange("maxSize", editor.MaxSize, 0, SafeIntegerMax); break;
            case JsonField json: errors.CheckRange("maxSize", json.MaxSize, 0, SafeIntegerMax); break;
            case SelectField select: CheckSelect(select, errors); break;
            case FileField file: CheckFile(file, errors); break;
            case RelationField relation: CheckRelation(relation, errors); break;
        }
    }

    private static void CheckName(Field field, FieldErrorTree errors)
    {
        if (field.Id.Length > NameLengthMax) errors.AddLength("id", 1, NameLengthMax);
        if (field.Name.Length == 0)
            errors.AddRequired("name");
        else if (field.Name.Length > NameLengthMax)
            errors.AddLength("name", 1, NameLengthMax);
        else if (!NameRules.IsWord(field.Name))
            errors.AddInvalidFormat("name");
        else if (NameRules.IsReservedField(field.Name))
            errors.Add("name", "validation_not_in_invalid", "Must not be in list.");
        else if (NameRules.HasVia(field.Name))
            errors.Add("name", "validation_found_via", "The value cannot contain \"_via_\".");
        else if (field.Name == DefaultFields.IdName && field is not TextField { IsPrimaryKey: true })
            errors.AddNotAllowed("name");
    }

    private void CheckText(TextField field, FieldErrorTree errors)
    {
        if (field.IsPrimaryKey)
        {
            if (field.Name != DefaultFields.IdName)
                errors.Add("name", "validation_in_invalid", "The primary key must be named \"id\".");
            if (field.IsHidden) errors.AddMustBeBlank("hidden");
            if (!field.IsRequired) errors.AddRequired("required");
            if (field.Pattern.Length == 0) errors.AddRequired("pattern");
            if (collection.Fields.Count(other => other is TextField { IsPrimaryKey: true }) > 1)
                errors.Add("primaryKey", "validation_unsupported_composite_pk",
                    "Composite PKs are not supported and the collection must have only 1 PK.");
        }

        if (field.Min < 0) errors.AddTooSmall("min", 0);
        if (field.Max != 0 && field.Max < Math.Max(0, field.Min)) errors.AddTooSmall("max", Math.Max(0, field.Min));
        CheckPattern("pattern", field.Pattern, errors);
        CheckPattern("autogeneratePattern", field.AutogeneratePattern, errors);
    }

    private static void CheckPassword(PasswordField field, FieldErrorTree errors)
    {
        errors.CheckRange("min", field.Min, 0, PasswordLengthMax);
        if (field.Max != 0) errors.CheckRange("max", field.Max, Math.Max(0, field.Min), PasswordLengthMax);
        // Each step doubles the time of a login: 16 is already several seconds.
        if (field.Cost != 0) errors.CheckRange("cost", field.Cost, 4, Bcrypt.CostMax);
        CheckPattern("pattern", field.Pattern, errors);
    }

    private static void CheckPattern(string member, string pattern, FieldErrorTree errors)
    {
        if (pattern.Length > CollectionLimits.PatternLength)
            errors.AddLength(member, 0, CollectionLimits.PatternLength);
        else if (FieldPattern.Problem(pattern) is { } problem)
            errors.Add(member, "validation_invalid_regex", problem);
    }

    private static void CheckDomains(
        IReadOnlyList<string>? except, IReadOnlyList<string>? only, FieldErrorTree errors)
    {
        if (except is { Count: > 0 } && only is { Count: > 0 })
        {
            errors.AddMustBeBlank("exceptDomains");
            errors.AddMustBeBlank("onlyDomains");
        }

        CheckDomainList("exceptDomains", except ?? [], errors);
        CheckDomainList("onlyDomains", only ?? [], errors);
    }

    private static void CheckDomainList(string member, IReadOnlyList<string> domains, FieldErrorTree errors)
    {
        for (var index = 0; index < domains.Count; index++)
        {
            if (Uri.CheckHostName(domains[index]) == UriHostNameType.Dns) continue;
            errors.At(member).Add(
                index.ToString(CultureInfo.InvariantCulture), "validation_is_domain", "Must be a valid domain.");
        }
    }

    private static void CheckNumber(NumberField field, FieldErrorTree errors)
    {
        if (field.IsIntegerOnly)
        {
            if (field.Min is { } min && !double.IsInteger(min)) AddDecimal("min", errors);
            if (field.Max is { } max && !double.IsInteger(max)) AddDecimal("max", errors);
        }

        if (field.Min is { } low && field.Max is { } high && high < low) errors.AddTooSmall("max", low);
    }

    private static void AddDecimal(string member, FieldErrorTree errors) =>
        errors.Add(member, "validation_only_int_constraint", "Decimal numbers are not allowed.");

    private static void CheckDate(DateField field, FieldErrorTree errors)
    {
        var min = ReadDate("min", field.Min, errors);
        var max = ReadDate("max", field.Max, errors);
        if (min is { } low && max is { } high && high < low)
            errors.Add("max", "validation_min_greater_equal_than_required", $"Must be no earlier than {field.Min}.");
    }

    private static DateTimeOffset? ReadDate(string member, string text, FieldErrorTree errors)
    {
        if (text.Length == 0) return null;
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal;
        var culture = CultureInfo.InvariantCulture;
        if (DateTimeOffset.TryParse(text, culture, styles, out var date)) return date;
        errors.Add(member, "validation_date_invalid", "Must be a valid date.");
        return null;
    }

    private static void CheckSelect(SelectField field, FieldErrorTree errors)
    {
        if (field.Values.Count == 0) errors.AddRequired("values");
        if (field.Values.Count > CollectionLimits.SelectValues)
            errors.AddLength("values", 1, CollectionLimits.SelectValues);
        for (var index = 0; index < field.Values.Count; index++)
        {
            if (field.Values[index].Length == 0)
                errors.At("values").AddRequired(index.ToString(CultureInfo.InvariantCulture));
        }

        errors.CheckRange("maxSelect", field.MaxSelect, 0, Math.Max(1, field.Values.Count));
    }

    private static void CheckFile(FileField field, FieldErrorTree errors)
    {
        errors.CheckRange("maxSelect", field.MaxSelect, 0, int.MaxValue);
        errors.CheckRange("maxSize", field.MaxSize, 0, SafeIntegerMax);
        for (var index = 0; index < (field.Thumbs?.Count ?? 0); index++)
            if (!ThumbSize.IsValid(field.Thumbs![index]))
                errors.At("thumbs").AddInvalidFormat(index.ToString(CultureInfo.InvariantCulture));
    }

    private void CheckRelation(RelationField field, FieldErrorTree errors)
    {
        if (field.MinSelect < 0) errors.AddTooSmall("minSelect", 0);
        var fewest = Math.Max(0, field.MinSelect);
        if (field.MaxSelect < fewest) errors.AddTooSmall("maxSelect", fewest);
        if (field.CollectionId.Length == 0)
        {
            errors.AddRequired("collectionId");
            return;
        }

        var old = original?.Fields.FirstOrDefault(known => known.Id == field.Id) as RelationField;
        var target = field.CollectionId == collection.Id ? collection : schema.FindById(field.CollectionId);
        if (old is not null && old.CollectionId != field.CollectionId)
            errors.Add("collectionId", "validation_field_relation_change",
                "The relation collection cannot be changed.");
        else if (target is null)
            errors.Add("collectionId", "validation_field_relation_missing_collection",
                "The relation collection doesn't exist.");
        else if (target.Type == CollectionType.View && collection.Type != CollectionType.View)
            errors.Add("collectionId", "validation_relation_field_non_view_base_collection",
                "Only view collections are allowed to have relations to other views.");
    }
}
