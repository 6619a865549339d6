using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Validation;

/// <summary>Checks the API rules of a collection.</summary>
internal sealed class RuleValidator(SchemaSnapshot schema, Collection collection, Collection? original)
{
    public void Check(FieldErrorTree errors)
    {
        _ = schema;
        CheckRule("listRule", collection.ListRule, original?.ListRule, errors);
        CheckRule("viewRule", collection.ViewRule, original?.ViewRule, errors);
        CheckWriteRule("createRule", collection.CreateRule, original?.CreateRule, errors);
        CheckWriteRule("updateRule", collection.UpdateRule, original?.UpdateRule, errors);
        CheckWriteRule("deleteRule", collection.DeleteRule, original?.DeleteRule, errors);
    }

    private void CheckWriteRule(string member, string? rule, string? old, FieldErrorTree errors)
    {
        if (collection.Type == CollectionType.View && rule is not null)
            errors.Add(member, "validation_nil", "Must be blank.");
        CheckRule(member, rule, old, errors);
    }

    private void CheckRule(string member, string? rule, string? old, FieldErrorTree errors)
    {
        if (original is { IsSystem: true } && rule != old)
            errors.Add(member, "validation_collection_system_rule_change",
                "System collection API rule cannot be changed.");
        if (rule?.Length > CollectionLimits.RuleLength) errors.AddLength(member, 0, CollectionLimits.RuleLength);
    }
}
