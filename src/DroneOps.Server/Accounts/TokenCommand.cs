using System.CommandLine;
using System.Text.Json;
using DroneOps.Server.Cli;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Accounts;

/// <summary><c>droneops token create</c>: a token from the shell of the server's machine, beside a running server or
/// without one. The log belongs to the server, so the token gains its power when the server, at its first use, has
/// written its making down.</summary>
internal static class TokenCommand
{
    public static Command Create() => new("token", "API tokens for machines") { CreateOne() };

    private static Command CreateOne()
    {
        var name = new Option<string>("--name") { Description = "The machine's name, as the audit log will call it", HelpName = "NAME", Required = true };
        var role = new Option<string>("--role") { Description = "pilot, dispatcher, auditor, admin or integration", HelpName = "ROLE", Required = true };
        var days = new Option<int?>("--days") { Description = "Days until it expires (default: 365)", HelpName = "N" };
        var rtsp = new Option<bool>("--rtsp") { Description = "Let it watch live pictures by RTSP too: its name is the user, its text the password" };
        var data = CommonOptions.Data();
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var command = new Command("create", "Make a token and print it, once") { name, role, days, rtsp, data, set, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (newName, newRole, lifetime) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(role), parsed.GetValue(days));
            if (CreateToken.Faults(newName, newRole, lifetime).FirstOrDefault() is { } fault)
            {
                throw new StartupException(fault.Detail);
            }

            var storage = CommonOptions.Read<StorageOptions>("Storage", CommonOptions.Settings(parsed, set, data));
            if (storage.Provider == StorageProvider.Sqlite && !Directory.Exists(storage.DataFolder))
            {
                throw new StartupException($"There is no data folder {storage.DataFolder}; name the server's with --data.");
            }

            await using var db = StorageModule.Open(storage);
            await db.Database.MigrateAsync(cancellation);
            if (await db.Set<ApiToken>().AnyAsync(token => token.Name == newName, cancellation))
            {
                throw new StartupException($"There is a token named '{newName}' already.");
            }

            var text = ApiToken.NewText();
            var made = Tokens.New(newName, newRole, $"shell:{Environment.UserName}", text, TimeProvider.System.GetUtcNow(), lifetime ?? new AccountsOptions().TokenDays, parsed.GetValue(rtsp));
            db.Add(made);
            await db.SaveChangesAsync(cancellation);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new { made.Id, made.Name, made.Role, made.ExpiresAt, token = text }, CommonOptions.Written)
                : text);
            return Terminal.Ok;
        });
        return command;
    }
}
