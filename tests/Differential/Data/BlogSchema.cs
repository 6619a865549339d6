namespace Platform.Differential.Tests.Data;

/// <summary>
/// The collections of both servers: every field type that both know, relations of both kinds in both directions, a
/// relation to itself, and a view. Open to everyone; the rules have collections of their own.
/// </summary>
internal static class BlogSchema
{
    private const string Open = """
        "listRule": "", "viewRule": "", "createRule": "", "updateRule": "", "deleteRule": ""
        """;

    public static IReadOnlyList<string> Collections { get; } =
    [
        $$"""
        {"id":"tags00000000000","name":"tags","type":"base",{{Open}},"fields":[
            {"name":"label","type":"text"},
            {"name":"weight","type":"number"},
            {"name":"kind","type":"select","values":["a","b","c"]}]}
        """,
        $$"""
        {"id":"members00000000","name":"members","type":"auth",{{Open}},
         "manageRule":null,"authRule":"",
         "passwordAuth":{"enabled":true,"identityFields":["email","username"]},
         "indexes":["CREATE UNIQUE INDEX idx_members_username ON members (username)"],
         "fields":[
            {"name":"username","type":"text"},
            {"name":"name","type":"text"},
            {"name":"age","type":"number"}]}
        """,
        $$"""
        {"id":"authors00000000","name":"authors","type":"base",{{Open}},"fields":[
            {"name":"name","type":"text"},
            {"name":"age","type":"number"},
            {"name":"active","type":"bool"},
            {"name":"born","type":"date"},
            {"name":"roles","type":"select","maxSelect":3,"values":["writer","editor","chief"]},
            {"name":"profile","type":"json"},
            {"name":"member","type":"relation","collectionId":"members00000000"}]}
        """,
        $$"""
        {"id":"posts0000000000","name":"posts","type":"base",{{Open}},"fields":[
            {"name":"title","type":"text"},
            {"name":"body","type":"editor"},
            {"name":"views","type":"number"},
            {"name":"live","type":"bool"},
            {"name":"published","type":"date"},
            {"name":"status","type":"select","values":["draft","public","old"]},
            {"name":"labels","type":"select","maxSelect":5,"values":["red","green","blue","%","_"]},
            {"name":"link","type":"url"},
            {"name":"mail","type":"email"},
            {"name":"meta","type":"json"},
            {"name":"author","type":"relation","collectionId":"authors00000000"},
            {"name":"tags","type":"relation","maxSelect":10,"collectionId":"tags00000000000"}]}
        """,
        $$"""
        {"id":"comments0000000","name":"comments","type":"base",{{Open}},"fields":[
            {"name":"post","type":"relation","collectionId":"posts0000000000","cascadeDelete":true},
            {"name":"mentions","type":"relation","maxSelect":5,"collectionId":"authors00000000"},
            {"name":"body","type":"text"},
            {"name":"score","type":"number"}]}
        """,
        """
        {"id":"post_stats00000","name":"post_stats","type":"view","listRule":"","viewRule":"",
         "viewQuery":"SELECT p.id, p.title, p.author, p.views, count(c.id) AS answers FROM posts p LEFT JOIN comments c ON c.post = p.id GROUP BY p.id"}
        """,
    ];
}
