using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Collections.Views;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.PocketBaseData.Legacy;
using Platform.TenantShard.Settings;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// Builds a tenant's database from an uploaded one: not the upload's pages but its collections and rows, in tables of
/// the tenant's own making, so that whatever else a file may hold stays outside. Blocks its thread; memory does not grow
/// with the rows.
/// </summary>
internal sealed class DatabaseBuild
{
    private readonly DatabaseConnection _target;
    private readonly TimeProvider _clock;
    private readonly ImportNotes _notes;

    private DatabaseBuild(DatabaseConnection target, TimeProvider clock, ImportNotes notes) =>
        (_target, _clock, _notes) = (target, clock, notes);

    /// <param name="uploadPath">The uploaded database; its WAL, if any, lies beside it.</param>
    /// <param name="path">The new database, which does not exist yet.</param>
    /// <param name="clock">For the dates of what is new.</param>
    /// <param name="notes">Takes the warnings.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ImportRefusedException">The upload is not valid.</exception>
    /// <exception cref="IOException">The node's disk is full or failed.</exception>
    public static BuiltDatabase Run(
        string uploadPath, string path, TimeProvider clock, ImportNotes notes, CancellationToken cancellationToken)
    {
        try
        {
            bool isLegacy;
            IReadOnlyList<SourceCollection> collections;
            SourceApp app;
            using (var source = SourceDatabase.Open(uploadPath, cancellationToken))
            {
                var now = StoredDate.Now(clock);
                isLegacy = source.Layout == SourceLayout.Legacy;
                app = isLegacy ? LegacyLayout.Read(source, notes, now) : CurrentLayout.Read(source, notes);
                collections = ImportedSchema.Complete(app.Collections, now, notes);
                ImportedSchema.Check(collections, clock, notes);
                SourceTables.Check(source, collections, notes);
                notes.ThrowIfRefused();
            }

            using var target = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
            using var interruption = cancellationToken.Register(target.Interrupt);
            var build = new DatabaseBuild(target, clock, notes);
            var records = build.Fill(uploadPath, collections, ImportedSettings.Read(app.Settings, notes));
            var own = collections.Count(source => !source.Collection.IsSystem);
            return new BuiltDatabase(path, isLegacy, own, records);
        }
        catch (DatabaseException interrupted) when (interrupted.IsInterrupted)
        {
            throw new OperationCanceledException("The import was given up.", interrupted, cancellationToken);
        }
        catch (DatabaseException fault) when (fault.IsLocalFault)
        {
            throw new IOException("The new database could not be written.", fault);
        }
    }

    private long Fill(string uploadPath, IReadOnlyList<SourceCollection> collections, TenantSettings settings)
    {
        _target.Execute(TemplateImage.Tables);
        using (var attach = _target.PrepareOnce($"ATTACH ?1 AS {RowCopy.SourceSchema}"))
        {
            attach.BindText(1, uploadPath);
            attach.Run();
        }

        var records = 0L;
        foreach (var source in collections)
            if (source.Collection.Type != CollectionType.View) records += AddTable(source);
        _target.Execute("BEGIN");
        var views = AddViews(collections);
        foreach (var source in collections)
            CollectionRow.Insert(_target, views.GetValueOrDefault(source.Collection.Id) ?? source.Collection);
        SettingsStore.Write(_target, settings, StoredDate.Now(_clock));
        AddMigrations();
        _target.Execute("COMMIT");
        _target.ForgetStatements();
        _target.Execute($"DETACH {RowCopy.SourceSchema}; PRAGMA main.wal_checkpoint(TRUNCATE)");
        return records;
    }

    // A transaction per table, moved out of the WAL right away: the disk holds the rows once, not twice.
    private long AddTable(SourceCollection source)
    {
        _target.Execute("BEGIN");
        RecordTable.Create(_target, source.Collection with { Indexes = [] }, failure: "");
        var rows = source.Table is null ? 0 : CopyRows(source);
        AddIndexes(source.Collection);
        _target.Execute("COMMIT");
        _target.ForgetStatements();
        _target.Execute("PRAGMA main.wal_checkpoint(TRUNCATE)");
        return rows;
    }

    private int CopyRows(SourceCollection source)
    {
        try
        {
            using var copy = _target.PrepareOnce(RowCopy.Sql(source));
            copy.Run();
            return _target.Changes;
        }
        catch (DatabaseException fault) when (!fault.IsLocalFault && !fault.IsInterrupted)
        {
            throw new ImportRefusedException(
                $"{SourceDatabase.Name}/{source.Collection.Name}", "validation_invalid_rows",
                $"Its rows cannot be taken over: {fault.Reason}.", fault);
        }
    }

    private void AddIndexes(Collection collection)
    {
        try
        {
            RecordTable.CreateIndexes(_target, collection, failure: "The indexes cannot be made.");
        }
        catch (ApiException refusal)
        {
            var errors = new FieldErrorTree();
            foreach (var (index, error) in refusal.FieldErrors["indexes"].Nested!)
                errors.At("indexes").Add(index, error.Code, error.Message);
            _notes.Refuse(collection, errors);
            _notes.ThrowIfRefused();
        }
    }

    /// <summary>Makes the views, those that others read first; returns those whose fields are other ones now.</summary>
    private Dictionary<string, Collection> AddViews(IReadOnlyList<SourceCollection> collections)
    {
        var known = new SchemaSnapshot(1, [.. collections.Select(source => source.Collection)]);
        var waiting = known.Collections.Where(collection => collection.Type == CollectionType.View).ToList();
        var changed = new Dictionary<string, Collection>(StringComparer.Ordinal);
        while (waiting.Count > 0)
        {
            var failed = new List<(Collection View, FieldErrorTree Errors)>();
            foreach (var view in waiting)
            {
                var errors = new FieldErrorTree();
                var fields = new ViewFields(_target, known).Derive(ViewOptions.Query(view.Options), errors);
                if (!errors.IsEmpty)
                {
                    failed.Add((view, errors));
                    continue;
                }

                var current = ImportedSchema.AreAlike(view.Fields, fields) ? view : view with { Fields = fields };
                RecordView.Create(_target, current);
                changed[view.Id] = current;
                known = known.With([.. known.Collections.Select(other => other.Id == view.Id ? current : other)]);
            }

            if (failed.Count == waiting.Count)
            {
                foreach (var (view, errors) in failed) _notes.Refuse(view, errors);
                _notes.ThrowIfRefused();
            }

            waiting = [.. failed.Select(failure => failure.View)];
        }

        return changed;
    }

    /// <summary>Those of the app too, so that PocketBase does not run them again on an export.</summary>
    private void AddMigrations()
    {
        TemplateImage.InsertMigrations(_target);
        _target.Execute($"""
            INSERT OR IGNORE INTO main._migrations (file, applied)
            SELECT file, applied FROM {RowCopy.SourceSchema}._migrations WHERE typeof(file) = 'text'
            """);
    }
}
