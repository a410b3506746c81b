using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Audit.Witnessing;

/// <summary><c>GET /audit/witnesses</c> and <c>POST /audit/cosignatures</c>: who vouches for the log, and for how much of it.</summary>
internal static class TakeCosignature
{
    private const int MostBytes = 4096;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/witnesses", (WitnessBook book) => TypedResults.Ok(book.Heads)).WithSummary("The witnesses and what each has cosigned last");
        group.MapPost("/cosignatures", HandleAsync).Accepts<string>("text/plain")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Hand in a checkpoint with a witness's cosignature (C2SP tlog-cosignature)");
    }

    private static async Task<Results<Ok<WitnessedHead>, ProblemHttpResult>> HandleAsync(HttpRequest request, WitnessBook book, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body);
        var text = new char[MostBytes + 1];
        var length = await reader.ReadBlockAsync(text, cancellation);
        if (length > MostBytes)
        {
            return Problems.Invalid(new Fault("", $"A note has at most {MostBytes} characters."));
        }

        return book.Take(new string(text, 0, length), out var problem) is { } taken ? TypedResults.Ok(taken) : Problems.Invalid(new Fault("", problem));
    }
}
