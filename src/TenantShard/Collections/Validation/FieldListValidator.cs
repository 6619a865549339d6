using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Validation;

/// <summary>Checks the fields of a collection as a list; <see cref="FieldValidator"/> checks each by itself.</summary>
internal sealed class FieldListValidator(SchemaSnapshot schema, Collection collection, Collection? original)
{
    private const string Member = "fields";

    public void Check(FieldErrorTree errors)
    {
        if (!CheckRequired(errors) || !CheckSystem(errors)) return;
        CheckDuplicates(errors.At(Member));
        for (var index = 0; index < collection.Fields.Count; index++)
        {
            var field = collection.Fields[index];
            var fieldErrors = errors.At(Member).At(index);
            CheckType(field, fieldErrors);
            if (collection.Type == CollectionType.Auth && NameRules.IsReservedAuthField(field.Name))
                fieldErrors.Add("name", "validation_reserved_field_name",
                    "The field name is reserved and cannot be used.");
            new FieldValidator(schema, collection, original).Check(field, fieldErrors);
        }
    }

    private bool CheckRequired(FieldErrorTree errors)
    {
        if (collection.Fields.Count == 0)
        {
            errors.AddRequired(Member);
            return false;
        }

        if (collection.Fields.Count > CollectionLimits.Fields)
        {
            errors.Add(Member, "validation_too_many_fields", $"At most {CollectionLimits.Fields} are allowed.");
            return false;
        }

        if (collection.FindField(DefaultFields.IdName) is not TextField { IsPrimaryKey: true })
        {
            errors.Add(Member, "validation_missing_primary_key", "Missing or invalid \"id\" PK field.");
            return false;
        }

        if (collection.Type != CollectionType.Auth) return true;
        return CheckAuth<PasswordField>("password", errors) && CheckAuth<TextField>("tokenKey", errors)
            && CheckAuth<EmailField>("email", errors) && CheckAuth<BoolField>("emailVisibility", errors)
            && CheckAuth<BoolField>("verified", errors);
    }

    private bool CheckAuth<TField>(string name, FieldErrorTree errors)
        where TField : Field
    {
        if (collection.Fields.Any(field => field.Name == name && field is TField)) return true;
        errors.Add(Member, $"validation_missing_{name}_field", $"System \"{name}\" field is required.");
        return false;
    }

    private bool CheckSystem(FieldErrorTree errors)
    {
        if (original is null || collection.Type == CollectionType.View) return true;
        foreach (var old in original.Fields)
        {
            if (!old.IsSystem) continue;
            if (collection.Fields.Any(field => field.Id == old.Id && field.Name == old.Name)) continue;
            errors.Add(Member, "validation_system_field_change", "System fields cannot be deleted or renamed.");
            return false;
        }

        return true;
    }

    private void CheckDuplicates(FieldErrorTree errors)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < collection.Fields.Count; index++)
        {
            var field = collection.Fields[index];
            if (!ids.Add(field.Id))
                errors.At(index).Add("id", "validation_duplicated_field_id", "Duplicated or invalid field id.");
            if (!names.Add(field.Name))
                errors.At(index).Add("name", "validation_duplicated_field_name", "Duplicated or invalid field name.");
        }
    }

    private void CheckType(Field field, FieldErrorTree errors)
    {
        if (original is null || collection.Type == CollectionType.View) return;
        if (original.Fields.Any(old => old.Id == field.Id && old.Type != field.Type))
            errors.Add("type", "validation_field_type_change", "Field type cannot be changed.");
    }
}
