using Platform.Replication.Rewinding;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Database;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>
/// Gives a copy of a tenant token secrets of its own. A token is signed with its collection's secret and its record's
/// key: with another secret, none of the source's tokens opens the copy. Passwords stay what they are.
/// </summary>
internal static class FreshSecrets
{
    /// <summary>Changes the image in place. Blocks its thread.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public static PastImage Give(PastImage image)
    {
        try
        {
            using (var connection = DatabaseConnection.Open(image.Path, new ConnectionOptions(IsReadOnly: false)))
            {
                var schema = SchemaLoader.Load(connection);

                // Without secrets it makes its own with its first write.
                if (TenantInitialization.IsNeeded(schema)) return image;
                connection.Execute("BEGIN");
                foreach (var collection in schema.Collections.Where(static one => one.Type == CollectionType.Auth))
                {
                    var options = AuthOptionsJson.Read(collection.Options).WithFreshSecrets();
                    CollectionRow.Update(
                        connection, collection with { Options = SystemCollections.ToOptions(options) });
                }

                connection.Execute("COMMIT");

                // What is copied is the file alone.
                connection.ForgetStatements();
                connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }

            return image with { Commit = (uint)(new FileInfo(image.Path).Length / image.PageBytes) };
        }
        catch (DatabaseException fault) when (fault.IsLocalFault)
        {
            throw new IOException("The copy of the database could not be written.", fault);
        }
    }
}
