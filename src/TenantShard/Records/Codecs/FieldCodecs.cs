using Platform.TenantShard.Collections.Fields;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>The codec of each field type.</summary>
internal static class FieldCodecs
{
    public static FieldCodec For(Field field) => field switch
    {
        TextField text => new TextCodec(text),
        NumberField number => new NumberCodec(number),
        BoolField boolean => new BoolCodec(boolean),
        DateField date => new DateCodec(date),
        AutodateField autodate => new AutodateCodec(autodate),
        SelectField select => new SelectCodec(select),
        RelationField relation => new RelationCodec(relation),
        JsonField json => new JsonCodec(json),
        EditorField editor => new EditorCodec(editor),
        EmailField email => new EmailCodec(email),
        UrlField url => new UrlCodec(url),
        FileField file => new FileCodec(file),
        PasswordField password => new PasswordCodec(password),
        GeoPointField point => new GeoPointCodec(point),
        _ => throw new InvalidOperationException($"There is no codec for fields of type {field.Type}."),
    };
}
