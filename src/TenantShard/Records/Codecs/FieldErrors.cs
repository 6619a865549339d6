using System.Globalization;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>The reasons for which a field's value is refused, with PocketBase's codes and words.</summary>
internal static class FieldErrors
{
    public static FieldError Required { get; } = new("validation_required", "Cannot be blank.");

    public static FieldError WrongType { get; } = new("validation_invalid_value", "Invalid value format.");

    public static FieldError Format { get; } = new("validation_invalid_format", "Invalid value format.");

    public static FieldError NotUnique { get; } = new("validation_not_unique", "Value must be unique.");

    public static FieldError Mismatch { get; } = new("validation_values_mismatch", "Values don't match.");

    public static FieldError InvalidId { get; } =
        new("validation_pk_invalid", "The record primary key is invalid or already exists.");

    public static FieldError FixedId { get; } =
        new("validation_pk_change", "The record primary key cannot be changed.");

    public static FieldError Email { get; } = new("validation_is_email", "Must be a valid email address.");

    public static FieldError EmailDomain { get; } =
        new("validation_email_domain_not_allowed", "Email domain is not allowed.");

    public static FieldError Url { get; } = new("validation_is_url", "Must be a valid URL.");

    public static FieldError UrlDomain { get; } =
        new("validation_url_domain_not_allowed", "Url domain is not allowed.");

    public static FieldError OnlyInteger { get; } =
        new("validation_only_int_constraint", "Decimal numbers are not allowed.");

    public static FieldError Json { get; } = new("validation_invalid_json", "Must be a valid json value.");

    public static FieldError MissingRelation { get; } = new(
        "validation_missing_rel_records", "Failed to find all relation records with the provided ids.");

    public static FieldError OldPassword { get; } =
        new("validation_invalid_old_password", "Missing or invalid old password.");

    public static FieldError MissingFile { get; } =
        new("validation_invalid_file", "Files are sent as multipart form data.");

    public static FieldError TooShort(int min) => new FieldError(
        "validation_min_text_constraint", Text($"Must be at least {min} character(s).")).With("min", min);

    public static FieldError TooLong(int max) => new FieldError(
        "validation_max_text_constraint", Text($"Must be no more than {max} character(s).")).With("max", max);

    public static FieldError TooSmall(double min) =>
        new("validation_min_number_constraint", Text($"Must be larger than {min:F6}."));

    public static FieldError TooLarge(double max) =>
        new("validation_max_number_constraint", Text($"Must be less than {max:F6}."));

    public static FieldError TooEarly(string min) => new FieldError(
        "validation_min_greater_equal_than_required",
        $"Must be no less than {Spell(min)}.").With("threshold", Moment(min));

    public static FieldError TooLate(string max) => new FieldError(
        "validation_max_less_equal_than_required",
        $"Must be no greater than {Spell(max)}.").With("threshold", Moment(max));

    public static FieldError TooManyValues(int max) =>
        new FieldError("validation_too_many_values", Text($"Select no more than {max}.")).With("maxSelect", max);

    public static FieldError TooFewValues(int min) =>
        new FieldError("validation_not_enough_values", Text($"Select at least {min}.")).With("minSelect", min);

    public static FieldError UnknownValue(string value) =>
        new FieldError("validation_invalid_value", $"Invalid value {value}.").With("value", value);

    public static FieldError JsonSize(long max) => new FieldError(
        "validation_json_size_limit", Text($"The maximum allowed JSON size is {max} bytes.")).With("maxSize", max);

    public static FieldError ContentSize(long max) => new FieldError(
        "validation_content_size_limit",
        Text($"The maximum allowed content size is {max} bytes.")).With("maxSize", max);

    public static FieldError ForbiddenInId(char character) => new FieldError(
        "validation_forbidden_pk_character",
        $"'{character}' is not a valid primary key character.").With("ch", character.ToString());

    public static FieldError ReservedId(string name) => new FieldError(
        "validation_reserved_pk", $"The primary key '{name}' is reserved and cannot be used.").With("reserved", name);

    /// <summary>A stored moment as JSON has it.</summary>
    private static string Moment(string moment) =>
        DateText.TryParse(moment, out var time)
            ? time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture)
            : moment;

    /// <summary>A stored moment as Go prints it.</summary>
    private static string Spell(string moment) =>
        DateText.TryParse(moment, out var time)
            ? time.ToString("yyyy-MM-dd HH:mm:ss.FFF '+0000 UTC'", CultureInfo.InvariantCulture)
            : moment;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
