using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Files;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Records;

/// <summary>
/// The body of a create or update, cast to the collection's types. Unknown members are ignored, as are hidden fields
/// of anybody but superusers. Owns all it holds: a write command may keep it.
/// </summary>
internal sealed class RecordInput
{
    private const string PasswordConfirmMember = "passwordConfirm";
    private const string OldPasswordMember = "oldPassword";

    private RecordInput(CollectionPlan plan, int textBytes)
    {
        Plan = plan;
        Values = plan.NewValues(textBytes);
        Errors = new RecordErrors();
    }

    public CollectionPlan Plan { get; }

    /// <summary>Set for the columns that were sent.</summary>
    public RecordValues Values { get; }

    public RecordErrors Errors { get; }

    /// <summary>Changes that depend on the value before, such as <c>count+</c>.</summary>
    public List<FieldModifier> Modifiers { get; } = [];

    /// <summary>The files that were sent for the record; valid while the request is.</summary>
    public IReadOnlyList<UploadedFile> Uploads { get; private set; } = [];

    /// <summary>Plain texts of password fields that nobody logs in with.</summary>
    public List<(int Column, string Text)> Secrets { get; } = [];

    /// <summary>The plain password that was sent, or null.</summary>
    public string? Password { get; private set; }

    public string? PasswordConfirm { get; private set; }

    public string? OldPassword { get; private set; }

    /// <summary>Reads a body and the files of its form; rules see the body with their names.</summary>
    public static RecordInput Read(
        CollectionPlan plan, ref JsonElement body, ApiContext context, IReadOnlyList<UploadedFile> files)
    {
        var uploads = RecordFiles.Select(plan, files, context.IsSuperuser);
        if (uploads.Count > 0)
        {
            body = RecordFiles.Merge(body, uploads);
            context.ReplaceBody(body);
        }

        var input = Read(plan, body, context.BodyBytes, context.IsSuperuser);
        input.Uploads = uploads;
        return input;
    }

    /// <param name="plan">The collection's plan.</param>
    /// <param name="body">The object that was sent; undefined = nothing.</param>
    /// <param name="bodyBytes">Its size, an upper bound for the text of its values.</param>
    /// <param name="isSuperuser">May set hidden fields.</param>
    public static RecordInput Read(CollectionPlan plan, JsonElement body, int bodyBytes, bool isSuperuser)
    {
        // Room for the id, the dates and a token key, so that the usual record needs one array.
        var input = new RecordInput(plan, bodyBytes + 128);
        if (body.ValueKind != JsonValueKind.Object) return input;
        foreach (var member in body.EnumerateObject())
        {
            var column = plan.Find(member);
            if (column >= 0) input.Take(column, member.Value, isSuperuser);
            else input.TakeOther(member, isSuperuser);
        }

        return input;
    }

    /// <summary>Puts what was sent, and then the modifiers, over the values of a record.</summary>
    public void ApplyTo(RecordValues values)
    {
        for (var column = 0; column < Plan.Codecs.Length; column++)
            if (Values.IsSet(column)) values.Set(column, Values[column]);
        foreach (var modifier in Modifiers) modifier.Apply(Plan, values);
    }

    /// <summary>Checks every value; what is wrong joins the errors of the cast.</summary>
    public void CheckAll()
    {
        FileCheck.Run(Plan, Uploads, before: null, Values, Errors);
        for (var column = 0; column < Plan.Codecs.Length; column++)
        {
            var codec = Plan.Codecs[column];
            if (!Errors.Has(codec.Field.Name) && codec.Check(Values, column) is { } error)
                Errors.Add(codec.Field.Name, error);
        }
    }

    private void Take(int column, JsonElement value, bool isSuperuser)
    {
        var codec = Plan.Codecs[column];
        if (Plan.Auth is not null && codec is PasswordCodec { IsLogin: true })
        {
            Password = ReadText(value);
            return;
        }

        if (codec.Field.IsHidden && !isSuperuser) return;
        if (codec is PasswordCodec secret)
        {
            TakeSecret(secret, column, ReadText(value));
            return;
        }

        if (codec.Cast(value, Values, column) is { } error) Errors.Add(codec.Field.Name, error);
    }

    private void TakeSecret(PasswordCodec codec, int column, string text)
    {
        if (text.Length == 0) codec.SetZero(Values, column);
        else if (codec.CheckPlain(text) is { } error) Errors.Add(codec.Field.Name, error);
        else Secrets.Add((column, text));
    }

    private void TakeOther(JsonProperty member, bool isSuperuser)
    {
        var isAuth = Plan.Collection.Type == CollectionType.Auth;
        if (isAuth && member.NameEquals(PasswordConfirmMember)) PasswordConfirm = ReadText(member.Value);
        else if (isAuth && member.NameEquals(OldPasswordMember)) OldPassword = ReadText(member.Value);
        else if (FieldModifier.TryParse(Plan, member, isSuperuser, Errors) is { } modifier) Modifiers.Add(modifier);
    }

    private static string ReadText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TextCast.TryRead(value, out var text) ? text : "",
        JsonValueKind.Number => value.GetRawText(),
        _ => "",
    };
}
