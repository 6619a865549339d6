using System.Globalization;

namespace Platform.TenantShard.Errors;

/// <summary>The validation codes that many rules share, with the contract's names.</summary>
internal static class ValidationErrors
{
    public static void AddRequired(this FieldErrorTree errors, string field) =>
        errors.Add(field, "validation_required", "Cannot be blank.");

    public static void AddInvalidFormat(this FieldErrorTree errors, string field) =>
        errors.Add(field, "validation_match_invalid", "Must be in a valid format.");

    public static void AddNotAllowed(this FieldErrorTree errors, string field) =>
        errors.Add(field, "validation_in_invalid", "Must be a valid value.");

    public static void AddMustBeBlank(this FieldErrorTree errors, string field) =>
        errors.Add(field, "validation_empty", "Must be blank.");

    public static void AddWrongType(this FieldErrorTree errors, string field, string expected) =>
        errors.Add(field, "validation_invalid_type", $"Must be {expected}.");

    public static void AddLength(this FieldErrorTree errors, string field, int min, int max) =>
        errors.Add(field, Length(min, max));

    public static void AddTooSmall(this FieldErrorTree errors, string field, double min) => errors.Add(
        field,
        new FieldError(
            "validation_min_greater_equal_than_required",
            string.Create(CultureInfo.InvariantCulture, $"Must be no less than {min}.")).With("threshold", min));

    public static void AddTooLarge(this FieldErrorTree errors, string field, double max) => errors.Add(
        field,
        new FieldError(
            "validation_max_less_equal_than_required",
            string.Create(CultureInfo.InvariantCulture, $"Must be no greater than {max}.")).With("threshold", max));

    /// <summary>A text or a list that is too short or too long.</summary>
    public static FieldError Length(int min, int max)
    {
        var error = min > 0
            ? new FieldError("validation_length_out_of_range", $"The length must be between {min} and {max}.")
            : new FieldError("validation_length_too_long", $"The length must be no more than {max}.");
        return error.With("min", min).With("max", max);
    }

    /// <summary>Checks that <paramref name="value"/> is within the bounds, both included.</summary>
    public static void CheckRange(this FieldErrorTree errors, string field, double value, double min, double max)
    {
        if (value < min) errors.AddTooSmall(field, min);
        else if (value > max) errors.AddTooLarge(field, max);
    }
}
