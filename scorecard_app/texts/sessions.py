"""Words of the administrators' page."""

TEXTS: dict[str, tuple[str, str]] = {
    "sessions_intro": (
        "Who is signed in now. An ended session can't be continued; its owner may sign in again while access.yml lets them.",
        "当前登录的用户。会话终止后无法继续；只要 access.yml 仍授权，用户可重新登录。",
    ),
    "sessions_local": ("Local mode knows no sessions.", "本机模式下没有会话。"),
    "roles": ("Roles", "角色"),
    "signed_in_at": ("Signed in", "登录时间"),
    "last_used_at": ("Last used", "最近使用"),
    "your_session": ("This is you", "当前会话"),
    "revoke": ("End session", "终止会话"),
    "release": ("End all and release the account", "终止全部会话并解除账号绑定"),
    "release_why": (
        "For an address that has passed to another account at your sign-in provider: the next sign-in binds it anew.",
        "适用于邮箱在登录服务中已更换账号的情况：下次登录时将重新绑定。",
    ),
    "role_viewer": ("Viewer", "查看者"),
    "role_head": ("Head of department", "部门负责人"),
    "role_hr": ("HR", "人力资源"),
    "role_care": ("Customer care", "客户服务"),
    "role_executive": ("Executive", "高管"),
    "role_admin": ("Administrator", "管理员"),
    "whole_company": ("company", "全公司"),
}  # fmt: skip
