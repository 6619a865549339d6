namespace Platform.TenantShard.Tests.Filters;

/// <summary>The records that filters are tried on, chosen for their awkward values.</summary>
internal static class BlogData
{
    public const string Json = """
        {
          "users": [
            {"id": "user00000000001", "email": "ann@example.com", "emailVisibility": true,
              "verified": true, "name": "Ann"},
            {"id": "user00000000002", "email": "bob@example.com", "emailVisibility": false,
              "verified": false, "name": ""}
          ],
          "authors": [
            {"id": "auth00000000001", "name": "Ada", "age": 36, "active": true, "user": "user00000000001",
              "roles": ["admin", "editor"], "profile": {"city": "London", "langs": ["en", "fr"], "n": 1}},
            {"id": "auth00000000002", "name": "Brian", "age": 0, "active": false, "user": "user00000000002",
              "roles": ["editor"], "profile": {"city": "", "langs": [], "n": null}},
            {"id": "auth00000000003", "name": "", "age": 51, "active": true, "user": "",
              "roles": [], "profile": null}
          ],
          "tags": [
            {"id": "tags00000000001", "label": "red", "weight": 1},
            {"id": "tags00000000002", "label": "green", "weight": 5},
            {"id": "tags00000000003", "label": "", "weight": 10}
          ],
          "posts": [
            {"id": "post00000000001", "title": "Hello World", "views": 10, "live": true, "status": "open",
              "published": "2024-01-02 03:04:05.000Z", "labels": ["a", "b"], "author": "auth00000000001",
              "tags": ["tags00000000001", "tags00000000002"], "parent": "",
              "data": {"a": {"b": 1}, "list": [{"x": "y"}, {"x": "z"}], "flag": true}},
            {"id": "post00000000002", "title": "100% legal_name", "views": 2.5, "live": false, "status": "",
              "published": "", "labels": [], "author": "auth00000000002",
              "tags": [], "parent": "post00000000001", "data": "text"},
            {"id": "post00000000003", "title": "back\\slash 'quote'", "views": -3, "live": true, "status": "closed",
              "published": "2025-06-30 23:59:59.999Z", "labels": ["a"], "author": "auth00000000003",
              "tags": ["tags00000000001"], "parent": "post00000000002", "data": null},
            {"id": "post00000000004", "title": "", "views": 0, "live": false, "status": "open",
              "published": "2024-01-02 03:04:05.000Z", "labels": ["b"], "author": "",
              "tags": ["tags00000000002", "tags00000000003"], "parent": "post00000000001", "data": 123},
            {"id": "post00000000005", "title": "123", "views": 123, "live": false, "status": "open",
              "published": "2023-12-31 00:00:00.000Z", "labels": ["a", "b", "c"], "author": "auth00000000001",
              "tags": ["tags00000000001", "tags00000000002", "tags00000000003"], "parent": "",
              "data": {"a": "", "list": []}}
          ],
          "comments": [
            {"id": "comm00000000001", "body": "nice", "score": 5, "post": "post00000000001",
              "mentions": ["post00000000001", "post00000000002"]},
            {"id": "comm00000000002", "body": "bad", "score": 1, "post": "post00000000001",
              "mentions": ["post00000000003"]},
            {"id": "comm00000000003", "body": "nice", "score": 9, "post": "post00000000003", "mentions": []}
          ]
        }
        """;
}
