using System.Globalization;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Files;

/// <summary>
/// Checks the file fields of a record against their options: a name is new only with its file, and the file must be of
/// a size and type that the field takes.
/// </summary>
internal static class FileCheck
{
    private const int ShownMax = 250;

    /// <param name="plan">The collection's plan.</param>
    /// <param name="uploads">The files that came with the record.</param>
    /// <param name="before">The record before; null when it is new.</param>
    /// <param name="after">What it will be.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static void Run(
        CollectionPlan plan, IReadOnlyList<UploadedFile> uploads, RecordValues? before, RecordValues after,
        RecordErrors errors)
    {
        foreach (var column in plan.FileColumns)
        {
            var field = (FileField)plan.Codecs[column].Field;
            if (errors.Has(field.Name) || (before is not null && after.HasSame(before, column))) continue;
            if (Check(field, uploads, before, after, column) is { } error) errors.Add(field.Name, error);
        }
    }

    private static FieldError? Check(
        FileField field, IReadOnlyList<UploadedFile> uploads, RecordValues? before, RecordValues after, int column)
    {
        var names = ValueList.ReadColumn(after.Utf8(column));
        var kept = before is null ? [] : ValueList.ReadColumn(before.Utf8(column));
        var added = names.Where(name => !kept.Contains(name)).ToList();
        var unknown = added.Where(name => !uploads.Any(file => file.Name == name)).ToList();
        if (unknown.Count > 0) return Unknown(unknown);
        var max = Math.Max(1, field.MaxSelect);
        if (names.Count > max)
            return new FieldError("validation_too_many_files", Text($"The maximum allowed files is {max}."))
                .With("maxSelect", max);
        return added.Select(name => CheckUpload(field, uploads.First(file => file.Name == name)))
            .FirstOrDefault(static error => error is not null);
    }

    private static FieldError? CheckUpload(FileField field, UploadedFile file)
    {
        var sizeMax = RecordFiles.SizeMax(field);
        if (file.Size > sizeMax)
        {
            return new FieldError(
                "validation_file_size_limit",
                Text($"Failed to upload {file.OriginalName} - the maximum allowed file size is {sizeMax} bytes."))
                .With("file", file.OriginalName).With("maxSize", sizeMax);
        }

        if (field.MimeTypes is not { Count: > 0 } types || types.Any(file.Type.Is)) return null;
        return new FieldError(
            "validation_invalid_mime_type",
            $"\"{file.Name}\" mime type must be one of: {string.Join(", ", types)}.");
    }

    private static FieldError Unknown(List<string> names)
    {
        var shown = names.Select(static name => name.Length > ShownMax ? name[..ShownMax] : name);
        return new FieldError("validation_invalid_file", $"Invalid new files: {string.Join(", ", shown)}.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
