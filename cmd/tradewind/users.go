package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/messages"
)

func (v *invocation) usersCommand() *cobra.Command {
	return v.group("users", "cli.users", v.usersList(), v.usersAdd(), v.usersRole(), v.usersDisable(), v.usersToken())
}

func roles() []string {
	var names []string
	for _, r := range tradewind.Roles {
		names = append(names, string(r))
	}
	return names
}

func (v *invocation) usersList() *cobra.Command {
	return v.command("list", "cli.users.list", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			all, err := e.Users(ctx)
			if err != nil {
				return err
			}
			return v.print(result{value: all, rows: list(all, v.userColumns()...), page: func(p *page) {
				if len(all) == 0 {
					p.prose("", v.text("cli.users.none"))
					return
				}
				p.table(list(all, v.userColumns()...))
			}})
		})
	})
}

func (v *invocation) userColumns() []column[tradewind.UserView] {
	type user = tradewind.UserView
	return []column[user]{
		{key: "name", title: "cli.head.user", text: func(u user) string { return u.Name }},
		{key: "role", title: "cli.head.role", text: func(u user) string { return v.roleName(u.Role) }, raw: func(u user) string { return string(u.Role) }},
		{title: "cli.head.may-sign-in", text: func(u user) string { return v.yes(u.Disabled == nil) }},
		{key: "added", title: "cli.head.added", text: func(u user) string { return u.Added.UTC().Format("2006-01-02") }, raw: func(u user) string { return instant(u.Added) }},
		{key: "added_by", title: "cli.head.by", text: func(u user) string { return u.AddedBy }},
		{key: "disabled", text: func(u user) string {
			if u.Disabled == nil {
				return ""
			}
			return instant(*u.Disabled)
		}},
	}
}

// roleName is the name that commands take, and what it means.
func (v *invocation) roleName(r tradewind.Role) string { return v.text("cli.role." + string(r)) }

func (v *invocation) usersAdd() *cobra.Command {
	var role string
	c := v.command("add NAME", "cli.users.add", exactly(1, "NAME"), func(ctx context.Context, args []string) error {
		if err := oneOf("--role", role, roles()); err != nil {
			return err
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			had, err := e.HasUsers(ctx)
			if err != nil {
				return err
			}
			added, err := e.AddUser(ctx, args[0], tradewind.Role(role), actor())
			if err != nil {
				return err
			}
			if err := v.printToken(added, "cli.users.added"); err != nil {
				return err
			}
			if !had {
				v.say(messages.M("cli.users.first"))
			}
			return nil
		})
	})
	c.Flags().StringVar(&role, "role", "", v.text("cli.flag.role"))
	complete(c, "role", roles()...)
	return c
}

// printToken shows a token, this once.
func (v *invocation) printToken(u *tradewind.NewUser, done string) error {
	type user = tradewind.NewUser
	var columns []column[user]
	for _, c := range v.userColumns() {
		of := column[user]{key: c.key, text: func(x user) string { return c.text(x.User) }}
		if c.raw != nil {
			of.raw = func(x user) string { return c.raw(x.User) }
		}
		columns = append(columns, of)
	}
	columns = append(columns, column[user]{key: "token", text: func(x user) string { return x.Token }})
	return v.print(result{value: u, rows: list([]user{*u}, columns...), page: func(p *page) {
		p.prose("", v.text(done, messages.A("name", u.User.Name), messages.A("role", v.roleName(u.User.Role))))
		p.line("")
		p.line("  " + u.Token)
		p.line("")
		p.prose("", v.text("cli.users.token-once", messages.A("name", u.User.Name)))
	}})
}

func (v *invocation) usersRole() *cobra.Command {
	return v.command("role NAME ROLE", "cli.users.role", exactly(2, "NAME ROLE"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			u, err := e.ChangeRole(ctx, args[0], tradewind.Role(args[1]), actor())
			return v.printUser(u, err)
		})
	})
}

func (v *invocation) usersDisable() *cobra.Command {
	return v.command("disable NAME", "cli.users.disable", exactly(1, "NAME"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			u, err := e.DisableUser(ctx, args[0], actor())
			return v.printUser(u, err)
		})
	})
}

func (v *invocation) printUser(u *tradewind.UserView, err error) error {
	if err != nil {
		return err
	}
	return v.print(result{value: u, rows: list([]tradewind.UserView{*u}, v.userColumns()...)})
}

func (v *invocation) usersToken() *cobra.Command {
	return v.command("token NAME", "cli.users.token", exactly(1, "NAME"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			renewed, err := e.RenewToken(ctx, args[0], actor())
			if err != nil {
				return err
			}
			return v.printToken(renewed, "cli.users.renewed")
		})
	})
}

// printRoles shows who may do what in a workspace with users; it is the engine's own table.
func (v *invocation) printRoles() error {
	type permission = tradewind.PermissionView
	all := tradewind.Permissions()
	columns := []column[permission]{
		{key: "permission", text: func(p permission) string { return string(p.Permission) }},
		{key: "what", title: "cli.head.to-do", text: func(p permission) string { return p.What.In(v.lang) }},
		{key: "least_role", title: "cli.head.least-role", text: func(p permission) string { return v.roleName(p.Least) }, raw: func(p permission) string { return string(p.Least) }},
	}
	return v.print(result{value: all, rows: list(all, columns...), page: func(p *page) {
		p.prose("", v.text("cli.roles.about"))
		p.line("")
		p.table(list(all, columns...))
	}})
}

// instant is a moment as programs read it.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }
