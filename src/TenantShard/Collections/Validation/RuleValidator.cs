using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters;

namespace Platform.TenantShard.Collections.Validation;

/// <summary>
/// Checks the rules of a collection: each must compile against the schema as it will be, so that a typing error
/// shows when the rule is written and not when a user meets it.
/// </summary>
internal sealed class RuleValidator(
    SchemaSnapshot schema, Collection collection, Collection? original, TimeProvider clock)
{
    private readonly SchemaSnapshot _future = schema.With(
        [.. schema.Collections.Where(other => other.Id != collection.Id), collection]);

    public void Check(FieldErrorTree errors)
    {
        CheckRule("listRule", collection.ListRule, original?.ListRule, errors);
        CheckRule("viewRule", collection.ViewRule, original?.ViewRule, errors);
        CheckWriteRule("createRule", collection.CreateRule, original?.CreateRule, errors);
        CheckWriteRule("updateRule", collection.UpdateRule, original?.UpdateRule, errors);
        CheckWriteRule("deleteRule", collection.DeleteRule, original?.DeleteRule, errors);
        if (collection.Type != CollectionType.Auth) return;
        var options = AuthOptionsJson.Read(collection.Options);
        var old = original is null ? options : AuthOptionsJson.Read(original.Options);
        CheckRule("authRule", options.AuthRule, old.AuthRule, errors);
        CheckRule("manageRule", options.ManageRule, old.ManageRule, errors);
        if (options.Mfa.IsEnabled) CheckRule("rule", options.Mfa.Rule, old.Mfa.Rule, errors.At("mfa"));
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
        {
            errors.Add(member, "validation_collection_system_rule_change",
                "System collection API rule cannot be changed.");
            return;
        }

        if (string.IsNullOrEmpty(rule)) return;
        var problem = FilterCompiler.FindError(_future, collection, rule, FilterOptions.ForRule(clock));
        if (problem is not null)
            errors.Add(member, "validation_invalid_rule", $"Invalid rule. Raw error: {problem}");
    }
}
