using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace DroneOps.Server.Storage.Sqlite;

/// <summary>Adds to EF's table definitions what it cannot say itself: <c>WITHOUT ROWID</c> (<see cref="ClusteredKeys"/>).</summary>
internal sealed class ClusteredTables(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations) : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        var isClustered = model?.GetEntityTypes().Any(entity => entity.GetTableName() == operation.Name && entity.FindAnnotation(ClusteredKeys.Annotation) is not null) == true;
        base.Generate(operation, model, builder, terminate && !isClustered);
        if (!isClustered)
            return;
        builder.Append(" WITHOUT ROWID");
        if (terminate)
        {
            builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
            EndStatement(builder);
        }
    }
}
